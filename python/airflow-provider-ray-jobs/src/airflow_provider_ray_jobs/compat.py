"""The names that moved between Airflow 2 and Airflow 3."""

from typing import TYPE_CHECKING

from airflow import __version__

AIRFLOW_3 = not __version__.startswith("2.")

if TYPE_CHECKING or AIRFLOW_3:
    from airflow.sdk import BaseHook, BaseOperator, BaseOperatorLink, Context
    from airflow.sdk.configuration import conf
    from airflow.sdk.exceptions import AirflowException
    from airflow.sdk.execution_time.xcom import XCom
    from airflow.sdk.types import TaskInstanceKey
else:
    from airflow.configuration import conf
    from airflow.exceptions import AirflowException
    from airflow.hooks.base import BaseHook
    from airflow.models.baseoperator import BaseOperator
    from airflow.models.baseoperatorlink import BaseOperatorLink
    from airflow.models.taskinstancekey import TaskInstanceKey
    from airflow.models.xcom import XCom
    from airflow.utils.context import Context

__all__ = [
    "AIRFLOW_3",
    "AirflowException",
    "BaseHook",
    "BaseOperator",
    "BaseOperatorLink",
    "Context",
    "TaskInstanceKey",
    "XCom",
    "conf",
]
