import django.core.validators
from django.db import migrations, models
from django.db.models import F


def keep_order_so_far(apps, schema_editor):
    recommendations = apps.get_model("matching", "Recommendation")
    recommendations.objects.update(base_score=F("score"), base_rank=F("rank"))


class Migration(migrations.Migration):
    dependencies = [("matching", "0003_looks")]

    operations = [
        migrations.AddField(
            model_name="feedback",
            name="engine_version",
            field=models.CharField(blank=True, editable=False, max_length=40, verbose_name="反馈时的引擎版本"),
        ),
        migrations.AddField(
            model_name="feedback",
            name="implemented_on",
            field=models.DateField(blank=True, null=True, verbose_name="实施日期"),
        ),
        migrations.AddField(
            model_name="feedback",
            name="parts",
            field=models.JSONField(default=list, editable=False, verbose_name="反馈时的得分构成"),
        ),
        migrations.AddField(
            model_name="feedback",
            name="rank",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="反馈时的名次"),
        ),
        migrations.AddField(
            model_name="feedback",
            name="score",
            field=models.FloatField(editable=False, null=True, verbose_name="反馈时的匹配度"),
        ),
        migrations.AddField(
            model_name="feedback",
            name="verified_saving_cny",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True,
                validators=[django.core.validators.MinValueValidator(0)], verbose_name="核定年节约费用（元）",
            ),
        ),
        migrations.AddField(
            model_name="feedback",
            name="verified_saving_tce",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=12, null=True,
                validators=[django.core.validators.MinValueValidator(0)], verbose_name="核定年节能量（tce）",
            ),
        ),
        migrations.AlterField(
            model_name="feedback",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("interested", "感兴趣"), ("introduced", "已对接"), ("implemented", "已实施"),
                    ("refused", "不合适"), ("later", "以后再说"),
                ],
                max_length=12, verbose_name="意见",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="base_rank",
            field=models.PositiveIntegerField(default=0, verbose_name="反馈前的名次"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="recommendation",
            name="base_score",
            field=models.FloatField(
                default=0,
                validators=[
                    django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1),
                ],
                verbose_name="反馈前的匹配度",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="recommendation",
            name="is_set_aside",
            field=models.BooleanField(default=False, verbose_name="因反馈不再推荐"),
        ),
        migrations.RunPython(keep_order_so_far, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("verdict", "implemented"), _negated=True), ("implemented_on__isnull", False), _connector="OR"),
                name="implemented_has_a_date",
                violation_error_message="请填写实施日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verified_saving_tce", None), ("verified_saving_tce__gte", 0), _connector="OR"),
                    models.Q(("verified_saving_cny", None), ("verified_saving_cny__gte", 0), _connector="OR"),
                ),
                name="verified_saving_is_not_negative",
                violation_error_message="核定节能量和费用不能为负数。",
            ),
        ),
    ]
