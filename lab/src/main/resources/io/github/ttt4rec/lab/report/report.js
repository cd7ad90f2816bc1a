for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const descending = head.getAttribute('aria-sort') !== 'descending';
      heads.forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      const value = row => {
        const cell = row.cells[column];
        return cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value);
      };
      const compare = (a, b) => typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
      const rows = [...table.tBodies[0].rows].sort((a, b) => compare(value(a), value(b)) * (descending ? -1 : 1));
      table.tBodies[0].append(...rows);
    });
  });
}
for (const button of document.querySelectorAll('.legend button')) {
  const figure = button.closest('figure');
  const show = name => figure.querySelectorAll('[data-series]').forEach(mark =>
    mark.classList.toggle('off', name !== null ? mark.dataset.series !== name : false));
  let kept = false;
  const name = button.dataset.name;
  button.addEventListener('mouseenter', () => show(name));
  button.addEventListener('mouseleave', () => { if (!kept) show(null); });
  button.addEventListener('click', () => {
    kept = !kept;
    button.setAttribute('aria-pressed', String(kept));
    show(kept ? name : null);
  });
}
