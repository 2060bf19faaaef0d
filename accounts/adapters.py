"""How allauth knows our people: by e-mail or phone, with six-digit codes by either."""

from allauth.account import stages
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.fields import PhoneField
from accounts.models import User
from accounts.sms import SmsError, send_sms
from accounts.validators import normalise_phone


class EmailVerificationStage(stages.EmailVerificationStage):
    """Ask for a confirmed e-mail only from those who come by e-mail; a confirmed phone is as good."""

    def handle(self):
        user = self.login.user
        if user is not None and user.phone_verified and not self.login.email:
            return None, True
        return super().handle()


class AccountAdapter(DefaultAccountAdapter):
    """Phones are E.164 on the user; codes leave by the sender of accounts.sms."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("邮箱或密码不正确，请重试。"),
        "phone_password_mismatch": gettext_lazy("手机号或密码不正确，请重试。"),
        "too_many_login_attempts": gettext_lazy("尝试次数过多，请过几分钟再试，或使用验证码登录。"),
    }

    def get_login_stages(self):
        ours = f"{EmailVerificationStage.__module__}.{EmailVerificationStage.__qualname__}"
        theirs = "allauth.account.stages.EmailVerificationStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def format_email_subject(self, subject):
        return f"【{settings.WAGTAIL_SITE_NAME}】{subject}"

    def send_mail(self, template_prefix, email, context):
        site = {"name": settings.WAGTAIL_SITE_NAME, "domain": settings.SITE_HOST}
        super().send_mail(template_prefix, email, {"current_site": site, **context})

    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data.get("name", "")
        user.terms_accepted_at = timezone.now()
        return super().save_user(request, user, form, commit)

    def phone_form_field(self, **kwargs):
        return PhoneField(**kwargs)

    def clean_phone(self, phone):
        return normalise_phone(phone)

    def set_phone(self, user, phone, verified):
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def get_phone(self, user):
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user, phone):
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone):
        return User.objects.filter(phone=normalise_phone(phone)).first()

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        self._send(phone, _("【%(site)s】验证码 %(code)s，15 分钟内有效，请勿告诉他人。"), code=code)

    def send_unknown_account_sms(self, phone, **kwargs):
        self._send(phone, _("【%(site)s】有人用此手机号登录，但它尚未注册。如非本人操作请忽略。"))

    def send_account_already_exists_sms(self, phone):
        self._send(phone, _("【%(site)s】此手机号已注册，请直接登录。如非本人操作请忽略。"))

    def _send(self, phone, text, **values):
        try:
            send_sms(phone, text % {"site": settings.WAGTAIL_SITE_NAME, **values})
        except SmsError:
            messages.error(self.request, _("短信暂时发送失败，请稍后重试或改用邮箱。"))
