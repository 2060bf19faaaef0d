"""The API for other systems, version 1; its description is at /api/v1/docs."""

from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Swagger

from matching.api import router as matching_router

api = NinjaAPI(
    title="节能技术对接平台 API",  # data: title of the API description
    version="1",
    urls_namespace="api-1",
    description=_(
        "供智慧能耗平台等系统按统一社会信用代码读取推荐。令牌由主管部门在管理后台签发，放在 Authorization: Bearer 头中。"
    ),
    docs=Swagger(settings={"persistAuthorization": False}),
    docs_url="/docs",
    openapi_url="/openapi.json",
)
api.add_router("", matching_router)
