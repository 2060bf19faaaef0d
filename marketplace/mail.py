"""Mail printed in the log, for running without a mail server."""

from django.core.mail.backends.console import EmailBackend as ConsoleBackend


class EmailBackend(ConsoleBackend):
    """Print what a person would read: Django prints subjects and bodies as they travel, in base64."""

    def write_message(self, message):
        lines = [
            "",
            f"To: {', '.join(message.recipients())}",
            f"Subject: {message.subject}",
            "",
            message.body,
            "-" * 40,
        ]
        self.stream.write("\n".join(lines) + "\n")
