"""Where people have signed in from before, and why a form was kept"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        'known_place',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('mark', sa.LargeBinary(length=32), nullable=False),
        sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_known_place')),
        sa.UniqueConstraint('mark', name=op.f('uq_known_place_mark')),
    )
    with op.batch_alter_table('known_place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_known_place_last_at'), ['last_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_known_place_person_id'), ['person_id'], unique=False)
    with op.batch_alter_table('kept_form', schema=None) as batch_op:
        batch_op.add_column(sa.Column('why', sa.String(length=20), nullable=True))
    op.execute("UPDATE kept_form SET why = 'sign-in'")
    with op.batch_alter_table('kept_form', schema=None) as batch_op:
        batch_op.alter_column('why', existing_type=sa.String(length=20), nullable=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table('kept_form', schema=None) as batch_op:
        batch_op.drop_column('why')
    op.drop_table('known_place')
