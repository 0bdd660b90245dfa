"""Addresses for writing notes and lessons; lessons are read on `public`."""

from django.urls import path

from .views import answers, lessons, notes

app_name = "lessons"

_session = "events/<slug:slug>/sessions/<int:pk>"

urlpatterns = [
    path(f"{_session}/notes/", notes.note_list, name="note_list"),
    path(f"{_session}/notes/new/", notes.note_create, name="note_create"),
    path(f"{_session}/lessons/new/", lessons.session_lesson_create, name="session_lesson_create"),
    path("notes/mine/", notes.note_own, name="note_own"),
    path("my-programme/<str:token>/notes/", notes.note_own_by_link, name="note_own_by_link"),
    path("my-programme/<str:token>/notes/<int:pk>/", notes.note_attribute_by_link, name="note_attribute_by_link"),
    path("notes/<int:pk>/edit/", notes.note_edit, name="note_edit"),
    path("notes/<int:pk>/attribution/", notes.note_attribute, name="note_attribute"),
    path("notes/<int:pk>/narrow/", notes.note_narrow, name="note_narrow"),
    path("notes/<int:pk>/withdraw/", notes.note_withdraw, name="note_withdraw"),
    path("lessons/new/", lessons.lesson_create, name="lesson_create"),
    path("lessons/<int:pk>/edit/", lessons.lesson_edit, name="lesson_edit"),
    path("lessons/<int:pk>/publish/", lessons.lesson_publish, name="lesson_publish"),
    path("lessons/<int:pk>/withdraw/", lessons.lesson_withdraw, name="lesson_withdraw"),
    path("lessons/<int:pk>/review/", lessons.lesson_review, name="lesson_review"),
    path("lessons/<int:pk>/endorse/", answers.lesson_endorse, name="lesson_endorse"),
    path("lessons/<int:pk>/answer/", answers.lesson_answer, name="lesson_answer"),
    path("endorsements/<int:pk>/withdraw/", answers.endorsement_withdraw, name="endorsement_withdraw"),
    path("responses/<int:pk>/edit/", answers.response_edit, name="response_edit"),
    path("responses/<int:pk>/withdraw/", answers.response_withdraw, name="response_withdraw"),
]
