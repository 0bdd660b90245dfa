"""Django's PostgreSQL, which hears what triggers tell and passes it on before each commit.

The database reports them by messages on the writer's connection (`RAISE INFO`), which cost no query, touch no disk and pass through a pool.
They are kept here until the transaction ends; those of a savepoint that is rolled back are dropped. (docs/decisions/0029)
"""

import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import base
from psycopg.errors import Diagnostic

from jirani.changes.registry import watched_tables
from jirani.changes.telling import ROUNDS, pass_on, type_told
from jirani.changes.triggers import TOLD

#: A statement that writes, as Django spells it, and its table.
_WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that passes on what was written, in the transaction that wrote it."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        #: Messages since the last commit. Always the same list, because the connection's handler holds a reference to it.
        self.told: list[type_told] = []
        self._told_before: dict[str, int] = {}
        self._passing_on = False
        self._told_in: Any = None
        self.execute_wrappers.append(self._execute)

    def get_new_connection(self, conn_params: Any) -> Any:
        """A connection that hears. Its handler does not hold this object, so both go as soon as nobody else holds them."""
        connection = super().get_new_connection(conn_params)
        told = self.told
        told.clear()

        def hear(message: Diagnostic) -> None:
            if message.sqlstate == TOLD:
                told.append((message.table_name or "", message.message_detail or ""))

        connection.add_notice_handler(hear)
        return connection

    def commit(self) -> None:
        """Call the listeners, then commit; an exception from a listener rolls the transaction back."""
        if self.told:
            self.in_atomic_block = True  # for blocks inside of listeners; Django has left the outermost one already
            try:
                self.pass_on()
            except BaseException:
                self.in_atomic_block = False
                self.rollback()
                raise
            self.in_atomic_block = False
        self._told_before.clear()
        super().commit()

    def rollback(self) -> None:
        """Discard the messages of the transaction."""
        self.told.clear()
        self._told_before.clear()
        super().rollback()

    def _savepoint(self, sid: str) -> None:
        super()._savepoint(sid)  # type: ignore[misc]  # Django names it so
        self._told_before[sid] = len(self.told)

    def _savepoint_rollback(self, sid: str) -> None:
        del self.told[self._told_before.pop(sid, 0) :]
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def savepoint_commit(self, sid: str) -> None:
        """Release a savepoint; in a test it may count as a commit (see below)."""
        if self.told and self._is_in_test() and self._outermost() is None and not self._passing_on:
            try:
                self.pass_on()
            except BaseException:
                self.savepoint_rollback(sid)
                raise
        super().savepoint_commit(sid)

    def pass_on(self) -> None:
        """Let those who listen do what they do, and those who listen to that, until nobody has written anything more."""
        self._passing_on = True
        try:
            for _round in range(ROUNDS):
                if not self.told:
                    return
                told = self.told.copy()
                self.told.clear()
                pass_on(told)
            raise RecursionError(
                f"Listeners keep writing what others listen to: {sorted({table for table, _ in self.told})}"
            )
        finally:
            self._passing_on = False

    def _execute(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Run a statement. One that writes a watched table outside any transaction gets a transaction of its own, so that listeners are part of it."""
        if not self.in_atomic_block and self.autocommit:
            found = _WRITES.match(sql) if isinstance(sql, str) else None
            if found and found[1] in watched_tables():
                with transaction.atomic(using=self.alias):
                    return execute(sql, params, many, context)
            result = self._heed(execute, sql, params, many, context)
            if self.told:  # by a statement that no one could tell from its first words
                with transaction.atomic(using=self.alias):
                    pass
            return result
        if not self._is_in_test() or self._passing_on:
            return self._heed(execute, sql, params, many, context)
        self._pass_on_in_test(self._told_in is not self._outermost())
        result = self._heed(execute, sql, params, many, context)
        self._told_in = self._outermost()
        self._pass_on_in_test(self._told_in is None)
        return result

    def _heed(self, execute: Callable[..., Any], *statement: Any) -> Any:
        """Run a statement, and forget what it told if it failed after all."""
        before = len(self.told)
        try:
            return execute(*statement)
        except BaseException:
            del self.told[before:]
            raise

    # Within the transaction that a test wraps around itself no block is committed. What each wrote is passed on when a savepoint of
    # its own is released; of one without a savepoint, before the next statement outside of it.

    def _is_in_test(self) -> bool:
        return bool(self.atomic_blocks) and getattr(self.atomic_blocks[0], "_from_testcase", False)

    def _outermost(self) -> Any:
        """The block that would be a transaction if it were not for the test; None between two of these."""
        return next((block for block in self.atomic_blocks if not getattr(block, "_from_testcase", False)), None)

    def _pass_on_in_test(self, ended: bool) -> None:
        if self.told and ended and not self.needs_rollback:
            self.pass_on()
