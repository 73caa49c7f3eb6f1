"use strict";
// What Casemate's pages share: small tools, light and dark, and lists of any length. Text from manifests
// goes in as text only (textContent); nothing is fetched and nothing is sent.

const casemate = (() => {
  const root = document.documentElement;
  root.classList.add("js");

  // Small tools

  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const count = (number) => number.toLocaleString("en");
  const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "onclick") element.addEventListener("click", value);
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  // Light and dark

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const remembered = () => { try { return localStorage.getItem("casemate-theme"); } catch { return null; } };
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

  function setTheme(theme) {
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
    const button = $("#theme");
    if (!button) return;
    button.title = `Use ${isDark() ? "light" : "dark"} colours`;
    button.setAttribute("aria-label", button.title);
  }

  setTheme(new URLSearchParams(location.search).get("theme") || remembered());

  document.addEventListener("DOMContentLoaded", () => {
    setTheme();
    $("#theme").addEventListener("click", () => {
      setTheme(isDark() ? "light" : "dark");
      try { localStorage.setItem("casemate-theme", root.dataset.theme); } catch { /* a file may have no storage */ }
    });
    dark.addEventListener("change", () => setTheme());
  });

  // A list of any length: only the rows in sight exist

  class List {
    // `chosen` tells the item that is marked, `empty` is said where there are none.
    constructor(section, columns, order, { chosen, empty }) {
      this.columns = columns;
      this.chosen = chosen;
      this.order = order;
      this.items = [];
      this.drawn = new Map();
      this.heads = columns.map((column, index) => make("span", { role: "columnheader", class: `c${index} ${column.class || ""}` },
        make("button", { type: "button", onclick: () => this.sort(index) }, column.name)));
      this.rows = make("div", { class: "rows", role: "rowgroup" });
      this.table = make("div", { class: "table", role: "table", "aria-label": section.className },
        make("div", { class: "heads", role: "rowgroup" }, make("div", { class: "head", role: "row", "aria-rowindex": 1 }, ...this.heads)), this.rows);
      this.empty = make("p", { class: "empty", hidden: "" }, empty);
      section.append(this.table, this.empty);
      this.markOrder();
    }

    get height() { return matchMedia("(max-width: 760px)").matches ? 92 : 52; }

    sort(index) {
      const { column, up } = this.order;
      this.order = { column: index, up: column === index ? !up : this.columns[index].up !== false };
      this.markOrder();
      this.show(this.items);
    }

    markOrder() {
      this.heads.forEach((head, index) => head.setAttribute("aria-sort",
        index !== this.order.column ? "none" : this.order.up ? "ascending" : "descending"));
    }

    show(items) {
      const key = this.columns[this.order.column].key, turn = this.order.up ? 1 : -1;
      this.items = items.slice().sort((a, b) => {
        const x = key(a), y = key(b);
        return x < y ? -turn : x > y ? turn : b.severity - a.severity || a.index - b.index;
      });
      this.places = new Map(this.items.map((item, place) => [item, place]));
      this.table.hidden = !items.length;
      this.empty.hidden = items.length > 0;
      this.table.setAttribute("aria-rowcount", items.length + 1);
      this.rows.replaceChildren();
      this.drawn.clear();
      this.draw();
    }

    draw() {
      const height = this.height;
      this.rows.style.height = `${this.items.length * height}px`;
      const top = -this.rows.getBoundingClientRect().top;
      const first = Math.max(0, Math.floor(top / height) - 8);
      const last = Math.min(this.items.length, Math.ceil((top + innerHeight) / height) + 8);
      for (const [place, row] of this.drawn) {
        if ((place < first || place >= last) && !row.contains(document.activeElement)) { row.remove(); this.drawn.delete(place); }
      }
      for (let place = first; place < last; place += 1) {
        const row = this.drawn.get(place) || this.row(place);
        row.style.top = `${place * height}px`;
      }
    }

    row(place) {
      const item = this.items[place];
      const row = make("div", { class: "row", role: "row", "aria-rowindex": place + 2 });
      this.columns.forEach((column, index) => {
        const cell = make("span", { role: "cell", class: `c${index} ${column.class || ""}` });
        cell.append(...[column.cell(item)].flat());
        row.append(cell);
      });
      row.classList.toggle("chosen", item === this.chosen());
      row.addEventListener("click", (event) => { if (!event.target.closest("a")) $("a", row).click(); });
      this.drawn.set(place, row);
      this.rows.append(row);
      return row;
    }

    reveal(place) {
      const height = this.height, edge = (parseFloat(getComputedStyle(root).getPropertyValue("--tools")) || 0) + 88;
      const y = this.rows.getBoundingClientRect().top + place * height;
      if (y < edge || y + height > innerHeight) scrollTo(0, scrollY + y - edge - (y < edge ? 8 : (innerHeight - edge) / 3));
      this.draw();
      return this.drawn.get(place);
    }

    mark() {
      for (const [place, row] of this.drawn) row.classList.toggle("chosen", this.items[place] === this.chosen());
    }
  }

  return { root, $, $$, count, counted, make, List };
})();
