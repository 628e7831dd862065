"""The proxies under comparison, each with one worker on the measured processor, set up as its manual says."""

import os
import shutil

from harness import Server, free_ports


def nginx(bench, name, stable, shadow=None, buffering=True):
    """Debian's nginx; with a shadow, `mirror` of a tenth of the sessions by split_clients."""
    port, = free_ports(1)
    mirrored = "mirror /mirror; mirror_request_body on;" if shadow else ""
    mirror = f"""
        location = /mirror {{
            internal;
            if ($drawn = 0) {{ return 204; }}
            proxy_pass http://shadow$request_uri;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}""" if shadow else ""
    upstream = f"upstream shadow {{ server 127.0.0.1:{shadow}; keepalive 256; }}" if shadow else ""
    folder = bench.path(name.replace(" ", "-"))
    os.makedirs(folder, exist_ok=True)
    configuration = bench.write(name.replace(" ", "-") + ".conf", f"""
user root;
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 16384; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    client_body_buffer_size 64k;
    keepalive_requests 1000000000;
    upstream stable {{ server 127.0.0.1:{stable}; keepalive 256; keepalive_requests 1000000000; }}
    {upstream}
    split_clients "$http_x_session_id" $drawn {{ 10% 1; * 0; }}
    server {{
        listen 127.0.0.1:{port} backlog=8192;
        location / {{
            {mirrored}
            proxy_pass http://stable;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering {"on" if buffering else "off"};
            proxy_read_timeout 300s;
        }}{mirror}
    }}
}}
""")
    return Server(bench, name, [shutil.which("nginx") or "/usr/sbin/nginx", "-c", configuration, "-e", f"{folder}/error.log"], port)


def envoy(bench, name, stable, shadow=None):
    """Envoy; with a shadow, request_mirror_policies with a runtime fraction of 10 %."""
    port, = free_ports(1)

    def cluster(title, target):
        return f"""
  - name: {title}
    type: STATIC
    connect_timeout: 5s
    load_assignment:
      cluster_name: {title}
      endpoints: [{{ lb_endpoints: [{{ endpoint: {{ address: {{ socket_address: {{ address: 127.0.0.1, port_value: {target} }} }} }} }}] }}]
    circuit_breakers: {{ thresholds: [{{ max_connections: 16384, max_pending_requests: 16384, max_requests: 16384 }}] }}"""

    policy = "request_mirror_policies: [{ cluster: shadow, runtime_fraction: { default_value: { numerator: 10, denominator: HUNDRED } } }]" \
        if shadow else ""
    configuration = bench.write(name.replace(" ", "-") + ".yaml", f"""
static_resources:
  listeners:
  - address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: in
          generate_request_id: false
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {{ "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }}
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {{ prefix: "/" }}
                route:
                  cluster: stable
                  timeout: 0s
                  {policy}
  clusters:{cluster("stable", stable)}{cluster("shadow", shadow) if shadow else ""}
""")
    return Server(bench, name, [bench.envoy, "-c", configuration, "--concurrency", "1", "--log-level", "error",
                                "--disable-hot-restart"], port)


def haproxy(bench, name, stable, option=""):
    """HAProxy as a plain proxy.

    Without `option http-no-delay` it has the kernel hold a streamed event until more has come (MSG_MORE): for 90 to 210 ms here.
    """
    port, = free_ports(1)
    configuration = bench.write(name.replace(" ", "-") + ".cfg", f"""
global
    nbthread 1
    maxconn 8000
defaults
    mode http
    timeout connect 5s
    timeout client 300s
    timeout server 300s
    http-reuse always
    {option}
frontend in
    bind 127.0.0.1:{port} backlog 8192
    default_backend stable
backend stable
    server stable 127.0.0.1:{stable}
""")
    return Server(bench, name, [shutil.which("haproxy") or "/usr/sbin/haproxy", "-f", configuration], port)


def litellm(bench, name, stable, shadow):
    """LiteLLM's proxy with its silent model, which mirrors every request (docs.litellm.ai/docs/traffic_mirroring)."""
    port, = free_ports(1)
    configuration = bench.write(name.replace(" ", "-") + ".yaml", f"""
model_list:
- model_name: bench
  litellm_params: {{ model: openai/bench, api_base: "http://127.0.0.1:{stable}/v1", api_key: none, silent_model: shadow }}
- model_name: shadow
  litellm_params: {{ model: openai/bench, api_base: "http://127.0.0.1:{shadow}/v1", api_key: none }}
general_settings: {{ dangerously_permit_weak_or_unset_master_key: true }}
""")
    return Server(bench, name, [bench.litellm, "--config", configuration, "--host", "127.0.0.1", "--port", str(port),
                                "--num_workers", "1"], port, patience=120)


def understudy(bench, name, stable, shadow, rate, threads=1, shadow_options="", fresh=True, processors="0", more=""):
    """Understudy; the shadow's port may be one where nobody listens."""
    port, console = free_ports(2)
    store = bench.path(name.replace(" ", "-") + ".sqlite")
    if fresh:
        for end in ("", "-wal", "-shm"):
            if os.path.exists(store + end):
                os.remove(store + end)
    configuration = bench.write(name.replace(" ", "-") + ".yaml", f"""
listen: 127.0.0.1:{port}
console: 127.0.0.1:{console}
threads: {threads}
store: "{store}"
experiment: {{ name: bench, horizon: 7d }}
stable: {{ model: bench, version: v1.0.0, url: "http://127.0.0.1:{stable}" }}
shadow: {{ model: bench, version: v1.0.1, url: "http://127.0.0.1:{shadow}"{shadow_options} }}
sampling: {{ rate: {rate}, target_per_day: 0, control_rate: 0 }}
intents:
  - {{ class: payment, any_of: ["refund", "invoice", "order confirmation"] }}
  - {{ class: how_to, matches: '(?i)^how (do|can) i' }}
  - {{ class: structured_data, pasted: [json, table, csv, log] }}
{more}
""")
    server = Server(bench, name, [bench.understudy, "serve", "--config", configuration], port, processors)
    server.console, server.store = console, store
    return server


def stand_in(bench, name, answers, leg, speed="inf", faults=(), processors=None, gives_way=False):
    """A model server that replays answers.

    One that gives way has what stable and the load generator leave of their processors, and is interrupted by them at
    once (SCHED_IDLE, sched(7)): it stands for another machine.
    """
    from harness import OTHERS
    port, = free_ports(1)
    command = (["chrt", "--idle", "0"] if gives_way else []) + [bench.understudy, "stand-in", "--port", str(port), "--leg", leg, "--speed", str(speed), "--answers", *answers]
    for fault in faults:
        command += ["--fault", fault]
    return Server(bench, name, command, port, processors or OTHERS)
