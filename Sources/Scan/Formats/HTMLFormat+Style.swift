import Markup

extension HTMLFormat {
    /// The style sheet: the system's own fonts, and two sets of colours.
    static let style: HTML = """
        :root {
          color-scheme: light dark;
          --paper: #faf9f6; --card: #fff; --ink: #1c1e21; --soft: #585d63; --line: #e2dfd7; --good: #1a6b47;
          --deny: #b3261e; --warn: #b8740c; --audit: #767c83; --exempt: #8058a8; --known: #a9adb2;
          --warn-text: #855000;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #141517; --card: #1b1d20; --ink: #e9e7e2; --soft: #a6abb2; --line: #33363b; --good: #6fc79c;
            --deny: #ff8f86; --warn: #d79a3c; --audit: #8d939b; --exempt: #b190d9; --known: #62676d;
            --warn-text: #e3ad5f;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; max-width: 66rem; padding: clamp(1rem, 3vw, 3rem) clamp(1rem, 4vw, 3rem);
          background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
          font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
        }
        h1, h2, h3, p, ul, pre { margin: 0; padding: 0; }
        ul { list-style: none; }
        h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
        h1 { margin: .5rem 0 .7rem; font-size: clamp(1.6rem, 1rem + 2.6vw, 2.6rem); font-weight: 650; letter-spacing: -.022em; }
        h1.good { color: var(--good); } h1.bad { color: var(--deny); }
        h2 { margin-bottom: .8rem; font-size: 1.2rem; font-weight: 650; }
        h3 { margin: 1.6rem 0 .7rem; font-size: 1rem; font-weight: 600; }
        code, pre { font: .875em ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; }
        .name, .subject, .remark, footer { color: var(--soft); }
        .name { font-weight: 600; }
        section { padding: 1.5rem 0 .5rem; border-top: 1px solid var(--line); margin-top: 1.5rem; }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; color: var(--soft); font-size: .875rem; }
        .legend i { display: inline-block; width: .75em; height: .75em; margin-right: .4em; border-radius: 2px; }
        .legend .deny { background: var(--deny); } .legend .warn { background: var(--warn); }
        .legend .audit { background: var(--audit); } .legend .exempt { background: var(--exempt); }
        .legend .known { background: var(--known); }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0 3rem; }
        table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
        caption { padding: 1.2rem 0 .4rem; text-align: left; font-weight: 600; }
        th { width: 1%; padding: .2rem .8rem .2rem 0; text-align: left; font-weight: 400; white-space: nowrap; max-width: 14rem;
          overflow: hidden; text-overflow: ellipsis; }
        td { padding: .2rem 0; }
        td + td { width: 1%; padding-left: .6rem; text-align: right; color: var(--soft); }
        svg { display: block; width: 100%; height: 1rem; border-radius: 3px; }
        svg .deny { fill: var(--deny); } svg .warn { fill: var(--warn); } svg .audit { fill: var(--audit); }
        svg .exempt { fill: var(--exempt); } svg .known { fill: var(--known); }
        .findings li { margin-bottom: .8rem; padding: .9rem 1.1rem; border: 1px solid var(--line);
          border-left: 4px solid var(--audit); border-radius: 8px; background: var(--card); }
        .findings .deny { border-left-color: var(--deny); } .findings .warn { border-left-color: var(--warn); }
        .findings .exempt { border-left-color: var(--exempt); } .findings .known { border-left-color: var(--known); }
        .findings p + p { margin-top: .3rem; }
        pre { margin: .5rem 0; padding: .4rem .8rem; border-radius: 6px; background: var(--paper); white-space: pre-wrap; }
        pre b { margin-right: .6em; color: var(--soft); font-weight: 400; }
        .mark { color: var(--soft); } .mark.deny { color: var(--deny); } .mark.warn { color: var(--warn-text); }
        .fix::before { content: "Fix: "; font-weight: 600; color: var(--good); }
        footer { margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem; }
        @media print { body { max-width: none; } .findings li { break-inside: avoid; } }
        """
}
