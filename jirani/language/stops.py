"""Words without a meaning of their own, folded, by language: they are left out of questions."""

_ENGLISH = """
a about after again all also am an and any are aren't as at be because been before being between both but by can can't cannot could did do does
doing don't down during each few for from further get had has have having he her here hers him his how i if in into is isn't it its itself just
let many may me might more most much must my no nor not of off on once only or other others our ours out over own same shall she should so some
such than that the their theirs them then there these they this those through to too under until up us very was we were what when where which
while who whom whose why will with without would you your yours
"""
_FRENCH = """
a ai ainsi alors apres as au aucun aussi autre autres aux avant avec avez avoir avons ayant bien c car ce ceci cela celle celles celui ces cet cette
ceux chaque chez ci comme comment d dans de depuis des du elle elles en encore entre es est et etaient etait ete etes etre eu eux fait faire font
ici il ils j je jusque l la le les leur leurs lors lui m ma mais me meme memes mes moi moins mon n ne ni nos notre nous on ont ou par parce pas
pendant peu peut peuvent plus plusieurs pour pourquoi qu quand que quel quelle quelles quelque quelques quels qui quoi s sa sans se sera ses si
sien son sont sous sur t ta te tel telle tes toi ton tous tout toute toutes tres trop tu un une vos votre vous y
"""
_ARABIC = """
في من الي على علي عن مع هذا هذه ذلك تلك هو هي هم هن انا نحن انت انتم كان كانت يكون تكون كانوا ان انه انها لا لم لن ما ماذا لماذا كيف متي اين من هل
كل بعض غير بين بعد قبل عند لدي حتي اذا لو قد ثم او ام و ف ب ل ك الذي التي الذين اللذين اللواتي كما كذلك ايضا هناك هنا حول خلال ضد دون بدون منذ نحو
له لها لهم لنا لي به بها بهم فيه فيها فيهم منه منها منهم عليه عليها عليهم اليه اليها اليهم اي ايه كم ليس ليست لكن بل فقط جدا يمكن يجب
"""
_SWAHILI = """
na ya wa za la cha vya kwa ni si katika kutoka hadi mpaka au lakini pia kama kuwa ambao ambayo ambaye ambapo ambazo ambacho huo hiyo hii hili hiki
hivi hizi huu hao hawa yao yake yetu yangu wao wake wetu wangu zao zake zetu lao lake letu chao chake sana tu bila baada kabla kati juu chini ndani
nje bado tayari sasa pale hapa huko kule jinsi gani nini nani lini wapi kwanini mbona je ndiyo hapana kila wote yote zote vyote lote baadhi nyingine
mengine mingine wengine vingine nyingine zingine ili kwamba ikiwa basi tena hata wala ndio alikuwa walikuwa ilikuwa yuko wako iko ziko vipi namna
"""

STOPS = {
    code: frozenset(words.split())
    for code, words in {"en": _ENGLISH, "fr": _FRENCH, "ar": _ARABIC, "sw": _SWAHILI}.items()
}
