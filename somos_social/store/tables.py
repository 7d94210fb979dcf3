"""The tables as SQLAlchemy Core sees them; the migrations make the same, and a test compares."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    and_,
    false,
    literal_column,
    text,
    true,
)

from somos_social.core.model.delivery import Status
from somos_social.core.model.handoff import HandoffStatus


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime on every database; SQLite has no zones, so it keeps the naive UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the name is SQLAlchemy's
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

deliveries = Table(
    "deliveries",
    metadata,
    Column("key", String(400), primary_key=True),
    Column("campaign", String(100), nullable=False),
    Column("post", String(100), nullable=False),
    Column("channel", String(200), nullable=False),
    Column("variant", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("grace", Integer, nullable=False),
    Column("run_at", UtcTime),
    Column("expires_at", UtcTime, nullable=False),
    Column("after", String(400)),
    Column("parent_id", String(200)),
    Column("status", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", String(300)),
    Column("lease_until", UtcTime),
    Column("asked_at", UtcTime),
    Column("absent_after", UtcTime),
    Column("looks", Integer, nullable=False),
    Column("upload", Text),
    Column("prepared", Boolean, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("remote_id", String(200)),
    Column("url", Text),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    Column("suspect", Boolean, nullable=False, server_default=false()),
    Column("outdated", Boolean, nullable=False, server_default=false()),
    Column("resting", String(20)),
    Column("asked_tick", String(100)),
    CheckConstraint(
        "status IN ({})".format(", ".join(f"'{status}'" for status in Status)), name="known_status"
    ),
    CheckConstraint(
        "(status IN ('claimed', 'publishing')) = (lease IS NOT NULL)", name="lease_where_in_hand"
    ),
)

_d = deliveries.c


def _written_out(*statuses: Status) -> list[ColumnElement[str]]:
    """Not as bound values: in those, SQLite does not see that a partial index serves."""
    return [literal_column(f"'{status}'", String) for status in statuses]


(WAITING,) = _written_out(Status.SCHEDULED)
IN_HAND = _written_out(Status.CLAIMED, Status.PUBLISHING)
IN_MOTION = _written_out(Status.SCHEDULED, Status.CLAIMED, Status.PUBLISHING)


def _partial(name: str, *columns: Column[Any], where: ColumnElement[bool], **how: Any) -> None:
    Index(name, *columns, sqlite_where=where, postgresql_where=where, **how)


_partial("one_visible_call_per_channel", _d.channel, where=_d.status == "publishing", unique=True)
_partial(
    "ready",
    _d.channel,
    _d.due_at,
    where=and_(_d.prepared, _d.status.in_(IN_MOTION)),
)
_partial(
    "hopeless",
    _d.status,
    _d.expires_at,
    where=and_(_d.status == "scheduled", _d.run_at > _d.expires_at),
)
_partial("followers", _d.after, where=_d.after.is_not(None))
# A range of times behind a status: what is not due yet, or long public, is never read.
Index("by_status", _d.status, _d.run_at)
Index("by_lease", _d.status, _d.lease_until)
Index("by_campaign", _d.campaign)
_partial("waits_for_a_person", _d.status, where=_d.blocked == true())
_partial("by_remote_id", _d.channel, _d.remote_id, where=_d.remote_id.is_not(None))

log = Table(
    "log",
    metadata,
    Column(
        "id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    ),
    Column("at", UtcTime, nullable=False),
    Column("delivery", String(400), nullable=False),
    Column("channel", String(200), nullable=False),
    Column("from", String(20)),
    Column("to", String(20), nullable=False),
    Column("event", String(40), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("url", Text),
    Column("remote_id", String(200)),
    Column("reason", Text),
    Column("digest", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("log_by_delivery", "delivery"),
    Index("log_by_channel", "channel", "id"),
    Index("log_by_time", "at"),
    sqlite_autoincrement=True,
)

chains = Table(
    "chains",
    metadata,
    Column("channel", String(200), primary_key=True),
    Column("length", Integer, nullable=False),
    Column("head", String(64), nullable=False),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("campaign", String(100), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("influencer", String(200), nullable=False),
    Column("contact", String(200), nullable=False),
    Column("draft_due", UtcTime),
    Column("live_due", UtcTime, nullable=False),
    Column("brief", Text, nullable=False),
    Column("review", Boolean, nullable=False),
    Column("status", String(20), nullable=False, server_default=text("'offered'")),
    Column("url", Text),
    Column("ask", Text, nullable=False, server_default=text("'{}'")),
    Column("moved_at", UtcTime),
    Column("offers", Integer, nullable=False, server_default=text("0")),
    Column("agreed", String(64), nullable=False, server_default=text("''")),
    Column("draft", Text),
    Column("approved", String(64)),
    Column("live_at", UtcTime),
    Column("proof", Text),
    Column("reason", Text),
    # 0 where nothing was ever written of it in the log.
    Column("version", Integer, nullable=False, server_default=text("0")),
    CheckConstraint(
        "status IN ({})".format(", ".join(f"'{status}'" for status in HandoffStatus)),
        name="known_handoff_status",
    ),
    CheckConstraint("approved IS NULL OR draft IS NOT NULL", name="approved_where_drafted"),
)

# What people were told, or are being told: written before it is sent, so that nobody is told twice.
told = Table(
    "told",
    metadata,
    Column("subject", String(400), primary_key=True),
    Column("kind", String(200), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("again_at", UtcTime),
    Column("reason", Text),
)

holds = Table(
    "holds",
    metadata,
    Column("channel", String(200), primary_key=True),
    Column("stopped", Boolean, primary_key=True),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
)

introductions = Table(
    "introductions",
    metadata,
    Column("channel", String(200), primary_key=True),
    Column("checked_at", UtcTime, nullable=False),
    Column("remote_id", String(300), nullable=False),
    Column("name", Text, nullable=False),
    Column("expires_at", UtcTime),
    Column("data_access_ends_at", UtcTime),
    Column("granted", Text),
    Column("quota_total", Integer),
    Column("quota_used", Integer),
    Column("untold", Text, nullable=False),
)

# Whose yes each campaign needs, as its file said when it was scheduled last.
requirements = Table(
    "requirements",
    metadata,
    Column("campaign", String(100), primary_key=True),
    Column("organisation", String(200), primary_key=True),
)

approvers = Table(
    "approvers",
    metadata,
    # Folded, so that nobody is two people by writing a name in another way.
    Column("folded", String(200), primary_key=True),
    Column("organisation", String(200), nullable=False),
    Column("person", String(200), nullable=False),
    Column("salt", String(32), nullable=False),
    Column("key", String(128), nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("added_by", String(200), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", UtcTime),
)

# The last yes of each organisation to each delivery; those before stand in the log.
approvals = Table(
    "approvals",
    metadata,
    Column("delivery", String(400), primary_key=True),
    Column("organisation", String(200), primary_key=True),
    Column("person", String(200), nullable=False),
    Column("variant", Text, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# What each organisation wants changed of each delivery, until it says yes.
change_requests = Table(
    "change_requests",
    metadata,
    Column("delivery", String(400), primary_key=True),
    Column("organisation", String(200), primary_key=True),
    Column("person", String(200), nullable=False),
    Column("variant", Text, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("comment", Text, nullable=False),
)

# The last word of each person; those before stand in the log.
consents = Table(
    "consents",
    metadata,
    Column("person", String(200), primary_key=True),
    Column("form", String(64), nullable=False),
    Column("scope", Text, nullable=False),
    Column("channels", Text, nullable=False),
    Column("until", UtcTime),
    Column("guardian", Boolean, nullable=False),
    Column("granted_at", UtcTime, nullable=False),
    Column("granted_by", String(200), nullable=False),
    Column("withdrawn_at", UtcTime),
    Column("reason", Text),
)

likenesses = Table(
    "likenesses",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("path", String(400), primary_key=True),
    Column("person", String(200), primary_key=True),
)

pauses = Table(
    "pauses",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("campaign", String(100)),
    Column("channel", String(200)),
    Column("person", String(200)),
    Column("reason", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime),
    Column("by", String(200), nullable=False),
    Column("ended_at", UtcTime),
    sqlite_autoincrement=True,
)
_partial("in_force", pauses.c.since, where=pauses.c.ended_at.is_(None))

# What nobody but a person can take down, and is to be: asked for, and what came of it.
requests = Table(
    "requests",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("subject", String(400), nullable=False),
    Column("person", String(200), nullable=False),
    Column("url", Text),
    Column("reason", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("outcome", String(20)),
    Column("closed_by", String(200)),
    Index("by_subject", "subject"),
    sqlite_autoincrement=True,
)

# When this database was put back, and when the copy was taken that it was put back from.
restores = Table(
    "restores",
    metadata,
    Column("restored_at", UtcTime, primary_key=True),
    Column("taken_at", UtcTime, nullable=False),
)

# What a campaign is called and which clock it lives by, as its file said when scheduled last.
campaigns = Table(
    "campaigns",
    metadata,
    Column("slug", String(100), primary_key=True),
    Column("name", Text, nullable=False),
    Column("timezone", String(100), nullable=False),
)

# Who may look in at the board. Of a link that was not used yet, only a fingerprint is kept.
invites = Table(
    "invites",
    metadata,
    # Folded, as in `approvers`.
    Column("folded", String(200), primary_key=True),
    Column("organisation", String(200), nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("invited_at", UtcTime, nullable=False),
    Column("invited_by", String(200), nullable=False),
    Column("link", String(64)),
    Column("link_until", UtcTime),
)

# Who is there now: the fingerprint of what a browser keeps, and whose it is.
visits = Table(
    "visits",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("folded", String(200), nullable=False),
    Column("begun_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Index("visits_by_guest", "folded"),
)

# What networks told of published posts, by day: counts, and never of whom.
metrics = Table(
    "metrics",
    metadata,
    Column("delivery", String(400), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# A row says that this database is a copy taken then; nothing is claimed from it while one stands.
snapshot = Table("snapshot", metadata, Column("taken_at", UtcTime, primary_key=True))
