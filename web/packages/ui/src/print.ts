// A few lines on paper: they alone, whatever stands open on the screen.

export function printLines(title: string, lines: string[]): void {
    document.querySelector('body > .print-sheet')?.remove();
    const sheet = document.createElement('div');
    sheet.className = 'print-sheet';
    const head = document.createElement('h1');
    head.textContent = title;
    const list = document.createElement('ul');
    for (const line of lines) {
        const item = document.createElement('li');
        item.textContent = line;
        list.append(item);
    }
    sheet.append(head, list);
    document.body.append(sheet);
    window.addEventListener('afterprint', () => sheet.remove(), { once: true });
    window.print();
}
