"""The audit log and the credits only ever grow, whoever speaks to the database."""

import pytest
from django.db import DatabaseError, connection, transaction

from common.append_only import is_append_only
from donations.giving.models import Credit
from tests.factories import a_page, a_payment, paid


@pytest.mark.money
@pytest.mark.parametrize("sql", ["UPDATE giving_credit SET cents = 1", "DELETE FROM giving_credit"])
def test_a_credit_is_not_changed_and_not_removed(db: None, sql: str) -> None:
    paid(a_payment(a_page()))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Credit.objects.get().cents == 5000


@pytest.mark.money
@pytest.mark.parametrize("table", ["giving_credit", "accounts_staffact"])
def test_the_triggers_are_installed(db: None, table: str) -> None:
    assert is_append_only(connection, table)
