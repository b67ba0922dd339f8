"""The log of what passes between the portal and GovSSO"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        'govsso_log',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('kind', sa.String(length=30), nullable=False),
        sa.Column('direction', sa.String(length=3), nullable=False),
        sa.Column('sub', sa.LargeBinary(length=32), nullable=True),
        sa.Column('sid', sa.LargeBinary(length=32), nullable=True),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_govsso_log')),
    )
    with op.batch_alter_table('govsso_log', schema=None) as batch_op:
        batch_op.create_index('ix_govsso_log_at', ['at'], unique=False)
        batch_op.create_index('ix_govsso_log_sub', ['sub'], unique=False)
        batch_op.create_index('ix_govsso_log_sid', ['sid'], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_table('govsso_log')
