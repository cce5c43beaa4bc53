// Before the first paint, so that a dark page does not flash white. The key is Mantine's own.
(function () {
    var chosen = 'auto';
    try {
        chosen = localStorage.getItem('mantine-color-scheme-value') || 'auto';
    } catch (error) {
        // No storage: as the system has it.
    }
    var dark =
        chosen === 'dark' ||
        (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
    document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
