"""Rights of representation that are kept here, and whether a person is told of what others do for them"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        'kept_right',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('source', sa.String(length=40), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('state', sa.String(length=12), nullable=False),
        sa.Column('pair', sa.LargeBinary(length=32), nullable=True),
        sa.Column('grantor', sa.LargeBinary(length=32), nullable=False),
        sa.Column('holder', sa.LargeBinary(length=32), nullable=False),
        sa.Column('party_id', sa.Uuid(), nullable=True),
        sa.Column('person_id', sa.Uuid(), nullable=True),
        sa.Column('who', sa.LargeBinary(), nullable=False),
        sa.Column('scope', sa.LargeBinary(), nullable=False),
        sa.Column('begun_by', sa.String(length=10), nullable=False),
        sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('last_day', sa.Date(), nullable=True),
        sa.Column('valid_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('notices', sa.Boolean(), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_by', sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_right')),
        sa.UniqueConstraint('pair', name=op.f('uq_kept_right_pair')),
    )
    with op.batch_alter_table('kept_right', schema=None) as batch_op:
        for column in ('grantor', 'holder', 'party_id', 'valid_until'):
            batch_op.create_index(batch_op.f(f'ix_kept_right_{column}'), [column], unique=False)
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('acts', sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_column('acts')
    op.drop_table('kept_right')
