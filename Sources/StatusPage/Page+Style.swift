import Markup

extension Page {
    /// The style sheet: the system's own fonts, two sets of colours, and one column where two do not fit.
    static let style: HTML = """
        :root {
          color-scheme: light dark;
          --paper: #faf9f6; --card: #fff; --ink: #1c1e21; --soft: #585d63; --line: #e2dfd7;
          --good: #1a6b47; --doubtful: #855000; --bad: #b3261e; --link: #1f5594;
          --allow: #7f9c91; --warn: #b8740c; --patch: #3f72b0; --exempt: #8058a8; --audit: #767c83;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #141517; --card: #1b1d20; --ink: #e9e7e2; --soft: #a6abb2; --line: #33363b;
            --good: #6fc79c; --doubtful: #e3ad5f; --bad: #ff8f86; --link: #8fb8f2;
            --allow: #5f7d72; --warn: #d79a3c; --patch: #6b9fe0; --exempt: #b190d9; --audit: #8d939b;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; max-width: 78rem; padding: clamp(1rem, 3vw, 3rem) clamp(1rem, 4vw, 3.5rem);
          background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
          font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
        }
        h1, h2, h3, p, ul, ol, dl, dd, figure, table { margin: 0; padding: 0; }
        ul, ol { list-style: none; }
        h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
        code { font: .875em ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; }
        small, .by, .none, .axis, .scale, .legend, footer, .pulse { color: var(--soft); font-size: .875rem; }
        small { display: block; }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 2px; }

        .name { font-weight: 600; letter-spacing: .02em; color: var(--soft); }
        h1 { display: flex; gap: .4em; align-items: flex-start; margin: .6rem 0 .8rem;
          font-size: clamp(1.6rem, 1rem + 2.6vw, 2.7rem); font-weight: 650; letter-spacing: -.022em; }
        .symbol { flex: none; width: 1.05em; height: 1.05em; margin-top: .08em; fill: none; stroke-linecap: round; }
        .symbol circle { fill: var(--state); }
        .symbol path { stroke: var(--paper); stroke-width: 2.6; }
        #state.good { --state: var(--good); } #state.doubtful { --state: var(--doubtful); } #state.bad { --state: var(--bad); }
        .remarks { max-width: 52rem; margin-bottom: .8rem; }
        .remarks li { margin-bottom: .35rem; padding-left: .8rem; border-left: 3px solid var(--doubtful); }
        .remarks .bad { border-color: var(--bad); }
        .numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 1.2rem;
          margin: 1.8rem 0 0; padding: 1.2rem 0; border-block: 1px solid var(--line); }
        .numbers div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
        dt { color: var(--soft); font-size: .875rem; }
        dd { font-size: 1.6rem; font-weight: 600; letter-spacing: -.015em; font-variant-numeric: tabular-nums; }

        .pulse { display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: baseline; justify-content: flex-end;
          min-height: 2.6rem; padding-top: .7rem; font-variant-numeric: tabular-nums; }
        .pulse .late { color: var(--bad); font-weight: 600; }
        #news:not(.late) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        button { padding: .2rem .7rem; border: 1px solid var(--soft); border-radius: 99px; background: none;
          color: var(--ink); font: inherit; cursor: pointer; }
        button:hover { background: var(--line); }
        [hidden] { display: none; }

        main { display: grid; grid-template-columns: minmax(0, 1.55fr) minmax(0, 1fr); gap: 0 clamp(2rem, 5vw, 4.5rem); }
        section { padding: 1.6rem 0 1rem; }
        h2 { margin-bottom: .9rem; font-size: 1.2rem; font-weight: 650; letter-spacing: -.01em; }
        section > p { margin: .6rem 0; }
        @media (max-width: 56rem) { main { grid-template-columns: minmax(0, 1fr); } }

        .rejections li { margin-bottom: .9rem; padding: 1rem 1.2rem; border: 1px solid var(--line); border-radius: 10px;
          background: var(--card); }
        .rejections h3 { font-size: 1.05rem; font-weight: 600; }
        .rejections p { margin-top: .35rem; }
        .rejections .by b { color: var(--ink); font-weight: 500; }
        .kind { color: var(--soft); font-weight: 400; }
        .rule { color: var(--bad); font-weight: 600; }
        .fix { padding-left: .8rem; border-left: 3px solid var(--good); }
        .tag, .mode { display: inline-block; padding: 0 .5em; border: 1px solid; border-radius: 99px; font-size: .8125rem;
          font-weight: 500; }
        .tag { color: var(--link); }
        .mode.deny { color: var(--bad); } .mode.warn { color: var(--doubtful); }
        .mode.audit, .mode.off { color: var(--soft); }

        table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
        caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        th, td { padding: .5rem .9rem .5rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
          font-weight: 400; }
        tr > :last-child { padding-right: 0; }
        thead th { color: var(--soft); font-size: .875rem; }
        tbody th code { white-space: nowrap; }
        #rules td { width: 9rem; }
        th, td { overflow-wrap: break-word; }
        .day { white-space: nowrap; }
        @media (max-width: 30rem) {
          th, td { padding-right: .6rem; overflow-wrap: anywhere; }
          .day, tbody th code { white-space: normal; }
          #rules td { width: 6rem; }
        }
        .many { color: var(--good); font-weight: 500; } .few { color: var(--doubtful); font-weight: 600; }
        .ended { color: var(--bad); font-weight: 600; }

        .share { display: block; width: 100%; height: 8px; margin: .7rem 0; border-radius: 4px; }
        .share .rest { fill: var(--line); } .share .done { fill: var(--good); }

        figure + figure { margin-top: 1.6rem; }
        figure h3 { font-size: 1rem; font-weight: 600; }
        figure p { margin-top: .2rem; }
        .chart { display: flex; gap: .6rem; height: 8rem; margin-top: .9rem; }
        .chart svg { flex: 1; min-width: 0; height: 100%; overflow: visible; }
        .scale { display: flex; flex-direction: column; justify-content: space-between; min-width: 3.4rem;
          margin: -.65em 0 !important; line-height: 1.3; text-align: right; white-space: nowrap; }
        .axis { display: flex; justify-content: space-between; padding-left: 4rem; }
        .grid { fill: none; stroke: var(--line); vector-effect: non-scaling-stroke; }
        .deny { fill: var(--bad); background: var(--bad); } .warn { fill: var(--warn); background: var(--warn); }
        .exempt { fill: var(--exempt); background: var(--exempt); } .patch { fill: var(--patch); background: var(--patch); }
        .audit { fill: var(--audit); background: var(--audit); } .allow { fill: var(--allow); background: var(--allow); }
        .span { fill: var(--patch); background: var(--patch); }
        .mode { background: none; }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin-top: .4rem; }
        .legend i { display: inline-block; width: .7em; height: .7em; margin-right: .4em; border-radius: 2px; }
        summary { margin-top: 1rem; color: var(--link); cursor: pointer; }
        .scroll { max-height: 24rem; margin-top: .5rem; overflow: auto; }
        .scroll th, .scroll td { white-space: nowrap; font-size: .875rem; }

        footer { margin-top: 1.5rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
        footer b { color: var(--ink); font-weight: 500; }
        @media (forced-colors: active) { .symbol circle, rect, .legend i { forced-color-adjust: none; } }
        """
}
