/* How what people type is compared: the same as jirani/language/folding.py, which explains it. One table of pairs tests both. */
const LETTERS = Object.fromEntries(
  ("æ:ae œ:oe ø:o đ:d ð:d þ:th ł:l ħ:h ı:i ŧ:t ŋ:n ɓ:b ɗ:d ƙ:k ƴ:y ə:e ɛ:e ɔ:o ɖ:d ƒ:f ɣ:g ſ:s ß:ss ς:σ ٱ:ا ٲ:ا ٳ:ا ى:ي ی:ي ې:ي ے:ي " +
   "ة:ه ھ:ه ہ:ه ە:ه ۃ:ه ک:ك ڪ:ك").split(" ").map((pair) => pair.split(":")));
const APOSTROPHES = /['’‘‛‚`´′‵ʹʻʼʽʾʿˈˊˋ᾽᾿῾՚׳ߴߵꞌ＇]/gu;
const HYPHENS = /[\p{Pd}−⁃﹣－⁻₋➖]/gu;
const MARKS = new RegExp("[\\u0300-\\u036f\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f\\u0483-\\u0487\\u0591-\\u05bd\\u05bf\\u05c1" +
  "\\u05c2\\u05c4\\u05c5\\u05c7\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed\\u08d3-\\u08e1\\u08e3-\\u08ff]", "gu");
const UNSEEN = /[\p{Cf}\u034f\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu;

const visible = (text) => text.replace(UNSEEN, "").replace(/[\s\p{Cc}]+/gu, " ").trim();
const signs = (text) => text.replace(APOSTROPHES, "'").replace(HYPHENS, "-");

/* Every script's digits stand ten in a row, so one's value is its distance from the first of its row. */
function digit(char) {
  const code = char.codePointAt(0);
  let first = code;
  while (code - first < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String(code - first);
}

/* A text without what nobody sees a difference in. */
export function fold(text) {
  const plain = visible(signs(text)).normalize("NFKC").toLowerCase().normalize("NFKC");
  const bare = signs(plain).normalize("NFD").replace(MARKS, "");
  const letters = [...bare].map((char) => LETTERS[char] ?? char).join("");
  return visible(letters.replace(/\p{Nd}/gu, digit).normalize("NFKC"));
}

/* A name: besides, apostrophes go, and hyphens and other signs are as good as a space. */
export function nameKey(text) {
  const folded = fold(text);
  const words = folded.replaceAll("'", "").split(" ").map((word) => (/^(\p{L}\.)+\p{L}?$/u.test(word) ? word.replaceAll(".", "") : word));
  const parts = visible(words.join(" ").replace(/[^\p{L}\p{N}\p{M}]/gu, " ")).split(" ");
  return parts.map((word) => (word === "saint" ? "st" : word === "sainte" ? "ste" : word)).join(" ") || folded;
}
