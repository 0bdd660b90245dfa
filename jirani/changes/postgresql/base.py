"""Django's PostgreSQL, which hears what triggers tell and passes it on before each commit.

The database tells by messages to whoever writes (`RAISE INFO`), which cost no question, stand on no disk and come through a pool.
They are kept here until the transaction ends; what a savepoint takes back is forgotten. (docs/decisions/0029)
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
        #: What was told since the last commit; one list for good, which the connection's handler holds.
        self.told: list[type_told] = []
        self._told_before: dict[str, int] = {}
        self._passing_on = False
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
        """Pass on what was told, then commit; what a listener raises undoes the transaction."""
        if self.told:
            self.in_atomic_block = True  # for blocks inside of listeners; Django has left the outermost one already
            try:
                self.pass_on()
            except BaseException:
                self.in_atomic_block = False
                self.rollback()
                raise
            self.in_atomic_block = False
        super().commit()

    def rollback(self) -> None:
        """Forget what was told."""
        self.told.clear()
        super().rollback()

    def _savepoint(self, sid: str) -> None:
        super()._savepoint(sid)  # type: ignore[misc]  # Django names it so
        self._told_before[sid] = len(self.told)

    def _savepoint_rollback(self, sid: str) -> None:
        del self.told[self._told_before.get(sid, 0) :]
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def savepoint_commit(self, sid: str) -> None:
        """Within the transaction that a test wraps around itself, the end of a savepoint stands for the commit."""
        if self.told and self._is_between_transactions():
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
        """Run a statement. One that writes a watched table outside of any transaction gets its own, so that listeners are part of it."""
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
        if self.told and self._is_between_transactions() and not self.needs_rollback:
            self.pass_on()
        return self._heed(execute, sql, params, many, context)

    def _heed(self, execute: Callable[..., Any], *statement: Any) -> Any:
        """Run a statement, and forget what it told if it failed after all."""
        before = len(self.told)
        try:
            return execute(*statement)
        except BaseException:
            del self.told[before:]
            raise

    def _is_between_transactions(self) -> bool:
        """Whether the only transaction is the one around a test, so that a real one would have ended here."""
        return not self._passing_on and all(getattr(block, "_from_testcase", False) for block in self.atomic_blocks)
