extension HTMLReport {
    /// The colours of states and reasons are Okabe and Ito's, which the colour-blind can tell apart; no figure relies
    /// on colour alone.
    static let styleSheet: StaticString = """
        :root{--ink:#1b1f24;--page:#fff;--faint:#57606b;--line:#d4d9df;--band:#f4f6f8;--good:#0b5d2a;--bad:#a0241c;
        --link:#0a58a8;--down:#aab2bb;--up:#7fbfa5;--zombie:#e69f00;--double:#3f7fbf;--fault:#f0e44266;--ended:#5b6b7b;
        --missed:#d55e00;--groove:#e9edf1;--cost:#8296aa;--own:#2f5f8f;
        --end1:#c04a00;--end2:#0a64a4;--end3:#a8437f;--end4:#6b5300;--end5:#1b1f24}
        @media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--page:#14171b;--faint:#a3adb8;--line:#3a424b;
        --band:#1b2025;--good:#7fd8a0;--bad:#ff9a8f;--link:#8fc1ff;--down:#59626c;--up:#2f8a66;--zombie:#e69f00;
        --double:#5aa0e6;--fault:#8a7d1f55;--ended:#8fa1b3;--missed:#f0803c;--groove:#242a31;--cost:#64798e;--own:#7fb2e6;
        --end1:#ff9350;--end2:#66b8f2;--end3:#ea9cc8;--end4:#e6c74a;--end5:#e6e9ed}}
        *{box-sizing:border-box}
        html{scroll-padding-top:.5rem}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
        header,main{max-width:80rem;margin:0 auto;padding:0 1.5rem}header{padding-top:1.1rem}main{padding-bottom:3rem}
        h1{font-size:1.5rem;margin:0;overflow-wrap:anywhere}
        h2{font-size:1.2rem;margin:2.4rem 0 .4rem}h3{font-size:1rem;margin:1.4rem 0 .3rem;overflow-wrap:anywhere}
        p{margin:.3rem 0 .6rem;max-width:75ch}.lead{font-size:1.05rem;max-width:none;overflow-wrap:anywhere}
        a{color:var(--link)}nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;margin:.2rem 0 .8rem}
        .faint,small{color:var(--faint)}small{display:block;font-size:.82rem;line-height:1.3}
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.3rem;z-index:3}
        .scroll{overflow-x:auto;margin:.6rem 0}:focus-visible{outline:2px solid var(--link);outline-offset:2px}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        caption{text-align:left;color:var(--faint);padding-bottom:.4rem;font-size:.87rem}
        th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        th{font-weight:600}tbody th{font-weight:500}
        thead th{border-bottom:2px solid var(--line);vertical-align:bottom;min-width:5.2rem}
        tbody tr:nth-child(even){background:var(--band)}
        th:first-child{position:sticky;left:0;background:var(--page);z-index:1;max-width:17rem;min-width:7.5rem;overflow-wrap:anywhere}
        tbody tr:nth-child(even) th:first-child{background:var(--band)}
        td.n,th.n{text-align:right}td.n small{white-space:nowrap}abbr{text-decoration:none;cursor:help}
        .better,.winner{color:var(--good)}.worse{color:var(--bad)}.winner{font-weight:700}
        .word{display:block;font-size:.8rem}
        code{font-size:.88em;overflow-wrap:anywhere}summary{cursor:pointer;padding:.15rem 0}
        #glance table{width:100%}#glance td,#glance th{padding:.28rem .6rem;vertical-align:middle}
        #glance thead th{vertical-align:bottom}#glance td.when{width:34%;min-width:13rem}
        #glance td.why{min-width:13.5rem}#glance td.rate{width:8rem;min-width:6.5rem}#glance th:first-child{max-width:22rem;position:static}#glance .axis-row td{border:0;padding-top:0}
        #glance .axis-row,#glance .axis-row td{background:none}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem 1.2rem;padding:0;margin:.4rem 0;font-size:.87rem}
        figure{margin:.5rem 0}figcaption{font-weight:600;margin-bottom:.2rem}
        .lane{display:grid;grid-template-columns:minmax(7rem,15rem) minmax(0,1fr);column-gap:.8rem;align-items:center;min-height:1.1rem}
        .timeline .lane{grid-template-columns:minmax(6rem,13rem) minmax(0,1fr)}.lane+.lane{margin-top:.2rem}.timeline .name{text-align:right}
        .name{font-size:.82rem;line-height:1.25;overflow-wrap:anywhere;min-width:0}.name small{font-size:.78rem}
        .panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1rem 2rem}
        .panels .lane{padding:.12rem 0}
        svg{display:block}svg.icon{display:inline-block;vertical-align:-1px;overflow:visible}svg.strip{overflow:visible}
        .shapes{position:absolute}svg text{fill:var(--faint);font:11px system-ui,sans-serif}
        .axis{stroke:var(--line);stroke-width:1}.mark{stroke:var(--ink);stroke-width:1.5}
        .down{fill:var(--down)}.up{fill:var(--up)}.zombie{fill:var(--zombie)}.double{fill:var(--double)}
        .fault{fill:var(--fault)}.ended{fill:var(--ended)}.missed{fill:var(--missed)}.fork{fill:var(--end3)}
        .censored{fill:var(--groove);stroke:var(--ended);vector-effect:non-scaling-stroke}
        .groove{fill:var(--groove)}.loss{fill:var(--missed)}.cost{fill:var(--cost)}.own{fill:var(--own)}
        .end1{fill:var(--end1)}.end2{fill:var(--end2)}.end3{fill:var(--end3)}.end4{fill:var(--end4)}.end5{fill:var(--end5)}
        @media (max-width:46rem){header,main{padding-left:.9rem;padding-right:.9rem}.minor{display:none}
        .lane,.timeline .lane{grid-template-columns:minmax(0,1fr)}.timeline .name{text-align:left}.name{padding-top:.25rem}
        th:first-child{max-width:9rem;min-width:6.5rem}
        #glance table,#glance tbody,#glance tr,#glance th,#glance td{display:block;width:auto;max-width:none;min-width:0}
        #glance thead{position:absolute;left:-99rem}#glance tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
        #glance caption{display:block}#glance tbody th,#glance tbody td{border:0;padding:.1rem .2rem;text-align:left;position:static}
        #glance .quiet .when,#glance .quiet .meter{display:none!important}
        #glance tbody td:nth-child(2)::before{content:"link ends per node and hour: ";color:var(--faint)}
        #glance tbody td:nth-child(3)::before{content:"pairs can talk: ";color:var(--faint)}
        #glance tbody td.when{width:auto;min-width:0}#glance .axis-row td:empty{display:none}
        #glance .axis-row td::before{content:none!important}}
        @media print{:root{font-size:11px}body{font-size:11px}header,main{max-width:none;padding:0}.skip,nav{display:none}
        .scroll{overflow:visible}.minor{display:none}table{font-size:9px}thead th:not(:first-child){overflow-wrap:normal}th:first-child{position:static;max-width:9rem}thead th{min-width:0}
        th,td{padding:.15rem .3rem;overflow-wrap:anywhere}h2,h3{break-after:avoid}tr,.lane,.panels figure{break-inside:avoid}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """
}
