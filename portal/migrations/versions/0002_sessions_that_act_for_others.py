"""Sessions that act for others, and sessions that no ID Token stands behind"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_index('ix_session_id_expires_at')
        batch_op.alter_column('id_expires_at', new_column_name='expires_at')
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.create_index('ix_session_expires_at', ['expires_at'], unique=False)
        batch_op.add_column(sa.Column('right_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('right_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('representees', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('browser_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('place', sa.LargeBinary(), nullable=True))
        batch_op.alter_column('nonce', existing_type=sa.LargeBinary(), nullable=True)
        batch_op.alter_column('acr', existing_type=sa.String(length=20), nullable=True)
        batch_op.alter_column('amr', existing_type=sa.String(length=40), nullable=True)


def downgrade() -> None:
    """Go back; sessions that no ID Token stands behind have no place there."""
    op.execute("DELETE FROM session WHERE nonce IS NULL")
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_index('ix_session_expires_at')
        for added in ('right_id', 'right_until', 'representees', 'browser_id', 'place'):
            batch_op.drop_column(added)
        batch_op.alter_column('nonce', existing_type=sa.LargeBinary(), nullable=False)
        batch_op.alter_column('acr', existing_type=sa.String(length=20), nullable=False)
        batch_op.alter_column('amr', existing_type=sa.String(length=40), nullable=False)
        batch_op.alter_column('expires_at', new_column_name='id_expires_at')
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.create_index('ix_session_id_expires_at', ['id_expires_at'], unique=False)
