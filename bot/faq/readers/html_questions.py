"""Finds the questions of a page and hands each what is said below it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bs4.element import PageElement, Tag

from bot.faq.readers.html_answer import plain_text
from bot.faq.readers.html_marks import (
    BOLD_LINE_LEVEL,
    FoundQuestion,
    Heading,
    LeftOver,
    Mark,
    asks,
    cut_into_marks,
)

_INVITATION = re.compile(
    r"(was|did|is) (this|that) (article |page |answer |information )?.*(help|useful)|"
    r"(still |do you |you )*(have|got)( any| more| other| further| a)* questions?\b|"
    r"(still |do you )*need (more |any |further |some )*help\b|(more|any) questions\b|"
    r"(can(['’]t|not)|could(n['’]t| not)|did(n['’]t| not)) (you )?find (what|(the|your) answer)|"
    r"(how|what) can we help",
    re.IGNORECASE,
)


def find_questions(root: Tag) -> tuple[list[FoundQuestion], list[LeftOver]]:
    """Find the questions below an element, in the order of the page, and what belongs to none."""
    return _Assignment(cut_into_marks(root)).finish()


@dataclass
class _Assignment:
    """Goes through the marks once and hands each content to the question above it."""

    marks: Sequence[Mark]
    questions: list[FoundQuestion] = field(default_factory=list)
    left_over: list[LeftOver] = field(default_factory=list)
    sections: dict[int, str] = field(default_factory=dict)
    current: FoundQuestion | None = None
    in_invitation: bool = False

    def finish(self) -> tuple[list[FoundQuestion], list[LeftOver]]:
        questions = sum(
            asks(mark.text) for mark in self.marks if isinstance(mark, Heading | FoundQuestion)
        )
        for mark in self.marks:
            if isinstance(mark, Heading):
                # The title of a page full of questions is none of them.
                is_title = mark.level == 1 and questions > 1
                self._take_heading(mark, asked=self._is_question(mark) and not is_title)
            elif isinstance(mark, FoundQuestion):
                self._take_question(mark)
            elif isinstance(mark, LeftOver):
                self.left_over.append(mark)
            else:
                self._take_content(mark)
        self._close()
        return self.questions, self.left_over

    def _is_question(self, mark: Heading) -> bool:
        if mark.level == BOLD_LINE_LEVEL and self.current:
            # Below a heading that asks, a bold question is a part of the answer.
            return self.current.level == BOLD_LINE_LEVEL
        return mark.marked or asks(mark.text)

    def _take_heading(self, mark: Heading, *, asked: bool) -> None:
        if _INVITATION.match(mark.text) and mark.level > 1:
            self._close()
            self._leave(mark.element, mark.text, "an invitation to ask, no question of its own")
            self.in_invitation = True
        elif asked:
            self._close(before=mark)
            sections = tuple(self.sections.values())
            self.current = FoundQuestion(mark.element, mark.text, [], sections, level=mark.level)
        elif self.current and mark.level > self.current.level:
            self.current.nodes.append(mark.element)
        else:
            self._close()
            self._open_section(mark.level, mark.text)

    def _take_question(self, mark: FoundQuestion) -> None:
        if self.current and self.current.nodes and not asks(mark.text):
            self.current.nodes += [mark.element, *mark.nodes]
            return
        self._close(before=mark)
        mark.sections = tuple(self.sections.values())
        self.questions.append(mark)

    def _take_content(self, node: PageElement) -> None:
        if self.current:
            self.current.nodes.append(node)
        elif text := plain_text(node):
            self._leave(node, text, self._why_it_is_left())

    def _why_it_is_left(self) -> str:
        if self.in_invitation:
            return "text below an invitation to ask"
        heading = list(self.sections.values())[-1:]
        return (
            f"text below {heading[0]!r}, no question" if any(heading) else "text before questions"
        )

    def _open_section(self, level: int, text: str) -> None:
        self.sections = {key: value for key, value in self.sections.items() if key < level}
        # A title that is a question, such as "How can we help?", names no category.
        self.sections[level] = "" if asks(text) else text

    def _close(self, before: Heading | FoundQuestion | None = None) -> None:
        self.in_invitation = False
        current, self.current = self.current, None
        if current is None:
            return
        inner = before is not None and (
            isinstance(before, FoundQuestion) or before.level > current.level
        )
        if inner and not any(plain_text(node) for node in current.nodes):
            self._open_section(current.level, current.text)  # it only heads other questions
        else:
            self.questions.append(current)

    def _leave(self, node: PageElement, text: str, reason: str) -> None:
        tag = node if isinstance(node, Tag) else node.parent
        self.left_over.append(LeftOver((tag and tag.sourceline) or 1, text, reason))
