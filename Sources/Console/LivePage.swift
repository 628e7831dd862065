/// The console's one page: the funnel and the state, refreshed every two seconds, without external resources.
enum LivePage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Understudy</title>
        <style>
        :root { color-scheme: light dark; }
        body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.3rem; margin: 0 0 .2rem; } h2 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
        #law { color: #666; } #law.broken, .alarming { color: #b00020; font-weight: 600; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #8884; font-weight: 400; }
        td.count { text-align: right; font-variant-numeric: tabular-nums; width: 8rem; }
        td.bar { width: 40%; } td.bar div { background: #3b6ea8; height: .7rem; min-width: 1px; }
        tr.sub th { padding-left: 1.4rem; color: #666; }
        </style>
        </head>
        <body>
        <h1>Understudy</h1>
        <div id="law" role="status">Waiting for the first figures …</div>
        <h2>Where every request went</h2>
        <table id="funnel" aria-label="Funnel"></table>
        <h2>State</h2>
        <table id="state" aria-label="State"></table>
        <p>The <a href="api/v1/readiness">evaluation</a> as JSON, the <a href="metrics">metrics</a>.</p>
        <script>
        "use strict";
        const stages = ["seen", "not_eligible", "not_sampled", "sampled", "in_flight", "stored", "shed", "failed"];
        const reasonsOf = { not_eligible: "not_eligible_reasons", shed: "shed", failed: "failed" };
        const total = v => typeof v === "number" ? v : Object.values(v).reduce((a, b) => a + b, 0);
        function row(table, name, count, share, sub) {
          const tr = table.insertRow(); if (sub) tr.className = "sub";
          const th = document.createElement("th"); th.scope = "row"; th.textContent = name.replaceAll("_", " ");
          tr.append(th);
          const td = tr.insertCell(); td.className = "count"; td.textContent = count.toLocaleString("en");
          const bar = tr.insertCell(); bar.className = "bar";
          const div = document.createElement("div"); div.style.width = (100 * share) + "%"; bar.append(div);
        }
        async function get(path) {
          const answer = await fetch(path, { cache: "no-store" });
          if (!answer.ok) throw new Error(answer.status);
          return answer.json();
        }
        async function refresh() {
          const law = document.getElementById("law");
          try {
            const [f, state] = await Promise.all([get("api/v1/funnel"), get("api/v1/status")]);
            const table = document.getElementById("funnel"); table.replaceChildren();
            for (const stage of stages) {
              const count = total(f[stage]);
              row(table, stage, count, f.seen ? count / f.seen : 0, false);
              const reasons = f[reasonsOf[stage]];
              if (reasons) for (const [reason, n] of Object.entries(reasons))
                if (n) row(table, reason, n, f.seen ? n / f.seen : 0, true);
            }
            const adds = f.seen === total(f.not_eligible) + f.not_sampled + f.sampled
              && f.sampled === f.in_flight + f.stored + total(f.shed) + total(f.failed);
            law.textContent = adds ? "Every request is accounted for." : "The funnel does not add up.";
            law.className = adds ? "" : "broken";
            const rows = document.getElementById("state"); rows.replaceChildren();
            for (const entry of state) {
              const tr = rows.insertRow(); const th = document.createElement("th"); th.scope = "row";
              th.textContent = entry.name; tr.append(th);
              const td = tr.insertCell(); td.textContent = entry.value; if (entry.alarming) td.className = "alarming";
            }
          } catch (error) {
            law.textContent = "No figures: the console does not answer."; law.className = "broken";
          }
        }
        refresh(); setInterval(refresh, 2000);
        </script>
        </body>
        </html>

        """
}
