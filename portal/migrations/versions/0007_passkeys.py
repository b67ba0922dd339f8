"""Passkeys: whose they are, the keys, challenges on their way, and the sessions they open"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        'passkey_holder',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('handle', sa.LargeBinary(length=64), nullable=False),
        sa.Column('who', sa.LargeBinary(), nullable=False),
        sa.Column('govsso_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('person_id', name=op.f('pk_passkey_holder')),
    )
    op.create_table(
        'passkey',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('credential_id', sa.LargeBinary(length=1023), nullable=False),
        sa.Column('public_key', sa.LargeBinary(length=2048), nullable=False),
        sa.Column('counter', sa.BigInteger(), nullable=False),
        sa.Column('transports', sa.String(length=100), nullable=False),
        sa.Column('backed_up', sa.Boolean(), nullable=False),
        sa.Column('name', sa.LargeBinary(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
        sa.UniqueConstraint('credential_id', name=op.f('uq_passkey_credential_id')),
    )
    op.create_index(op.f('ix_passkey_person_id'), 'passkey', ['person_id'], unique=False)
    op.create_table(
        'passkey_challenge',
        sa.Column('challenge', sa.LargeBinary(length=32), nullable=False),
        sa.Column('purpose', sa.String(length=10), nullable=False),
        sa.Column('bound_to', sa.LargeBinary(length=32), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('challenge', name=op.f('pk_passkey_challenge')),
    )
    op.create_index(op.f('ix_passkey_challenge_expires_at'), 'passkey_challenge', ['expires_at'], unique=False)
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('passkey_id', sa.Uuid(), nullable=True))
        batch_op.create_index('ix_session_passkey_id', ['passkey_id'], unique=False)


def downgrade() -> None:
    """Go back; who came in by passkey is sent out."""
    op.execute("DELETE FROM session WHERE passkey_id IS NOT NULL")
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_index('ix_session_passkey_id')
        batch_op.drop_column('passkey_id')
    op.drop_table('passkey_challenge')
    op.drop_table('passkey')
    op.drop_table('passkey_holder')
