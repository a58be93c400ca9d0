"""An S3-compatible server in a process of its own on 127.0.0.1, with keys and who may use them.

    with ObjectStore(folder) as store, store.client_here():
        place.config(top=f'lake = "s3://{store.bucket}/lake"')
        store.objects() == ["lake/board/manifest.json", ...]

The server is moto's. It checks signatures: a wrong key is refused, as anywhere else.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from pipeline.edge import store, workers

REGION = "eu-west-1"
_ALL = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
_SET_UP = ("create_user", "put_user_policy", "create_access_key")


class ObjectStore:
    """A running server with one bucket and one user who may do all in it."""

    bucket = "postings"

    def __init__(self, folder: Path):
        self.log = folder / "object_store.log"
        self.environment: dict[str, str] = {}

    def __enter__(self) -> ObjectStore:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        # so many requests are let in without a key: those that make the user
        open_door = {"INITIAL_NO_AUTH_ACTION_COUNT": str(len(_SET_UP))}
        port = self.url.rpartition(":")[2]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port],
                env=os.environ | open_door, stdout=log, stderr=log,
            )  # fmt: skip
        self._await()
        iam = self._client("iam", "nobody", "nothing")
        iam.create_user(UserName="runner")
        policy = json.dumps({"Version": "2012-10-17", "Statement": [_ALL]})
        iam.put_user_policy(UserName="runner", PolicyName="all", PolicyDocument=policy)
        key = iam.create_access_key(UserName="runner")["AccessKey"]
        self.secret = key["SecretAccessKey"]
        self.environment = {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.s3 = self._client("s3", key["AccessKeyId"], self.secret)
        where: Any = {"LocationConstraint": REGION}
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration=where)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)

    def objects(self, prefix: str = "") -> list[str]:
        """Return the keys of all objects that begin so."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return sorted(one["Key"] for page in pages for one in page.get("Contents", []))

    def get(self, key: str) -> bytes:
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def delete(self, key: str) -> None:
        self.s3.delete_object(Bucket=self.bucket, Key=key)

    @contextmanager
    def client_here(self) -> Iterator[None]:
        """Let this process have the user's keys, and all that it starts."""
        workers.end()  # an earlier test's have other keys, or none
        store.files.cache_clear()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            yield
        workers.end()
        store.files.cache_clear()

    def n_asked(self) -> int:
        """Return how many requests the server has answered."""
        return self.log.read_text(errors="replace").count('HTTP/1.1"')

    def _client(self, service: str, key: str, secret: str) -> Any:
        return botocore.session.get_session().create_client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(retries={"max_attempts": 1}),
        )

    def _await(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                with socket.create_connection(("127.0.0.1", int(self.url.rpartition(":")[2])), 1):
                    return
            except (OSError, BotoCoreError):
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.05)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Return a store whose client this process is, and what it starts."""
    with ObjectStore(tmp_path_factory.mktemp("store")) as running, running.client_here():
        yield running
