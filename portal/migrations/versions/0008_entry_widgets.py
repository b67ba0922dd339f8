"""Entry widgets: their figures, and the way back to the page from which a draft was begun"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        'embed_count',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('authority_code', sa.String(length=10), nullable=False),
        sa.Column('service', sa.String(length=40), nullable=False),
        sa.Column('grade', sa.String(length=10), nullable=False),
        sa.Column('act', sa.String(length=4), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('day', 'authority_code', 'service', 'grade', 'act', name=op.f('pk_embed_count')),
    )
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.add_column(sa.Column('way_back', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.drop_column('way_back')
    op.drop_table('embed_count')
