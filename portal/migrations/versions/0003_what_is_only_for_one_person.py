"""Drafts, applications and matters that only one of those who act for a party may see"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.add_column(sa.Column('only_for', sa.Uuid(), nullable=True))
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.add_column(sa.Column('right_kind', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('only_for', sa.Uuid(), nullable=True))
    with op.batch_alter_table('interaction', schema=None) as batch_op:
        batch_op.add_column(sa.Column('filed_by', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('only_for', sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Go back, unless something that is hidden would then be seen."""
    for table in ('interaction', 'application', 'draft'):
        hidden = op.get_bind().execute(sa.text(f"SELECT count(*) FROM {table} WHERE only_for IS NOT NULL"))
        if hidden.scalar():
            raise RuntimeError(f"{table}: there are rows that only one person may see")
    with op.batch_alter_table('interaction', schema=None) as batch_op:
        batch_op.drop_column('only_for')
        batch_op.drop_column('filed_by')
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.drop_column('only_for')
        batch_op.drop_column('right_kind')
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.drop_column('only_for')
