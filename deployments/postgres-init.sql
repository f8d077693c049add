-- Prefect's own database beside ours, in the same server.
CREATE DATABASE prefect;
