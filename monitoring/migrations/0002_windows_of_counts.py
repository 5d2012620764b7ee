from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_rooms")]

    operations = [
        migrations.AddField(
            model_name="window",
            name="made_of",
            field=models.CharField(
                choices=[("rows", "rows"), ("counts", "counts")],
                default="rows",
                max_length=8,
                verbose_name="made of",
            ),
        ),
    ]
