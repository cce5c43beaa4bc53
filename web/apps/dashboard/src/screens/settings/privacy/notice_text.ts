// A notice for passers-by, of what is in force: GDPR art. 13. Plain sentences in four languages.

export type NoticeLanguage = 'en' | 'de' | 'fr' | 'es';
export const kNoticeLanguages: Record<NoticeLanguage, string> = {
    en: 'English',
    de: 'Deutsch',
    fr: 'Français',
    es: 'Español',
};

export interface NoticeFacts {
    company: string;
    contact: string;
    strict: boolean;
    floor: number;
    sensors: number;
}

export interface NoticeText {
    title: string;
    paragraphs: string[];
}

type Writer = (facts: NoticeFacts) => NoticeText;

const en: Writer = ({ company, contact, strict, floor, sensors }) => ({
    title: 'Devices are counted here',
    paragraphs: [
        `${company} counts how many devices pass this place, to measure the audience of its advertising. It uses ${sensors === 1 ? 'one sensor' : `${sensors} sensors`}.`,
        'A sensor hears the Wi-Fi and Bluetooth signals that phones and other devices send by themselves. It turns the address of a device into a number at once, with a secret key, and keeps no address, no name and no content of messages.',
        strict
            ? 'Each sensor has a key of its own, which is gone after a day at the latest. The same device is not recognised at another place. Rows about one device are erased within half an hour; after that there are only counts.'
            : 'The key is the same for all of our sensors for one day, and is destroyed a day later. Within that day the same device can be recognised at several places; not after it. Rows about one device are erased within 24 hours; after that there are only counts.',
        `Counts that rest on fewer than ${floor} devices are not shown to anybody. Nobody is addressed, and nobody is followed from day to day.`,
        'You may object. Give us the address of your device, which its settings show as its Wi-Fi or Bluetooth address, and it is not counted. This cannot work for addresses that a phone changes by itself, which most do.',
        `Responsible, and for questions and objections: ${company}, ${contact}. You may also complain to a data protection authority.`,
    ],
});

const de: Writer = ({ company, contact, strict, floor, sensors }) => ({
    title: 'Hier werden Geräte gezählt',
    paragraphs: [
        `${company} zählt, wie viele Geräte an diesem Ort vorbeikommen, um die Reichweite von Werbung zu messen. Dafür ${sensors === 1 ? 'dient ein Sensor' : `dienen ${sensors} Sensoren`}.`,
        'Ein Sensor empfängt WLAN- und Bluetooth-Signale, die Telefone und andere Geräte von selbst aussenden. Er macht aus der Adresse eines Geräts sofort mit einem geheimen Schlüssel eine Zahl und speichert keine Adresse, keinen Namen und keinen Inhalt von Nachrichten.',
        strict
            ? 'Jeder Sensor hat einen eigenen Schlüssel, der spätestens nach einem Tag nicht mehr da ist. Dasselbe Gerät wird an einem anderen Ort nicht wiedererkannt. Einträge zu einem einzelnen Gerät werden binnen einer halben Stunde gelöscht; danach gibt es nur noch Anzahlen.'
            : 'Der Schlüssel ist für einen Tag bei allen unseren Sensoren derselbe und wird einen Tag später vernichtet. An diesem Tag kann dasselbe Gerät an mehreren Orten wiedererkannt werden, danach nicht mehr. Einträge zu einem einzelnen Gerät werden binnen 24 Stunden gelöscht; danach gibt es nur noch Anzahlen.',
        `Anzahlen, die auf weniger als ${floor} Geräten beruhen, werden niemandem gezeigt. Niemand wird angesprochen, und niemand wird von Tag zu Tag verfolgt.`,
        'Sie können widersprechen. Nennen Sie uns die Adresse Ihres Geräts, die in seinen Einstellungen als WLAN- oder Bluetooth-Adresse steht, dann wird es nicht gezählt. Das kann nicht gelingen, wenn ein Telefon seine Adresse von selbst wechselt, wie es die meisten tun.',
        `Verantwortlich, auch für Fragen und Widerspruch: ${company}, ${contact}. Sie können sich auch bei einer Datenschutzaufsichtsbehörde beschweren.`,
    ],
});

const fr: Writer = ({ company, contact, strict, floor, sensors }) => ({
    title: 'Ici, des appareils sont comptés',
    paragraphs: [
        `${company} compte les appareils qui passent à cet endroit, afin de mesurer l’audience de ses publicités. ${sensors === 1 ? 'Un capteur est utilisé' : `${sensors} capteurs sont utilisés`}.`,
        'Un capteur reçoit les signaux Wi-Fi et Bluetooth que les téléphones et d’autres appareils émettent d’eux-mêmes. Il transforme aussitôt l’adresse d’un appareil en un nombre, à l’aide d’une clé secrète, et ne conserve ni adresse, ni nom, ni contenu de messages.',
        strict
            ? 'Chaque capteur a sa propre clé, qui disparaît au plus tard après un jour. Le même appareil n’est pas reconnu à un autre endroit. Les données relatives à un seul appareil sont effacées en une demi-heure au plus ; il ne reste ensuite que des nombres.'
            : 'La clé est la même pour tous nos capteurs pendant un jour, et elle est détruite un jour plus tard. Ce jour-là, le même appareil peut être reconnu à plusieurs endroits ; il ne peut plus l’être ensuite. Les données relatives à un seul appareil sont effacées dans les 24 heures ; il ne reste ensuite que des nombres.',
        `Les nombres qui reposent sur moins de ${floor} appareils ne sont montrés à personne. Personne n’est contacté, et personne n’est suivi d’un jour à l’autre.`,
        'Vous pouvez vous y opposer. Indiquez-nous l’adresse de votre appareil, que ses réglages montrent comme adresse Wi-Fi ou Bluetooth : il ne sera pas compté. Cela ne peut pas fonctionner pour les adresses qu’un téléphone change de lui-même, ce que font la plupart d’entre eux.',
        `Responsable du traitement, aussi pour les questions et les oppositions : ${company}, ${contact}. Vous pouvez également adresser une réclamation à une autorité de protection des données.`,
    ],
});

const es: Writer = ({ company, contact, strict, floor, sensors }) => ({
    title: 'Aquí se cuentan dispositivos',
    paragraphs: [
        `${company} cuenta los dispositivos que pasan por este lugar para medir la audiencia de su publicidad. ${sensors === 1 ? 'Se utiliza un sensor' : `Se utilizan ${sensors} sensores`}.`,
        'Un sensor recibe las señales de wifi y Bluetooth que los teléfonos y otros dispositivos emiten por sí mismos. Convierte de inmediato la dirección de un dispositivo en un número mediante una clave secreta, y no guarda direcciones, nombres ni contenido de mensajes.',
        strict
            ? 'Cada sensor tiene su propia clave, que desaparece a más tardar al cabo de un día. El mismo dispositivo no se reconoce en otro lugar. Los datos sobre un solo dispositivo se borran en media hora como máximo; después solo quedan cantidades.'
            : 'La clave es la misma para todos nuestros sensores durante un día y se destruye un día después. Ese día el mismo dispositivo puede reconocerse en varios lugares; después, ya no. Los datos sobre un solo dispositivo se borran en un plazo de 24 horas; después solo quedan cantidades.',
        `Las cantidades que se basan en menos de ${floor} dispositivos no se muestran a nadie. No se contacta con nadie ni se sigue a nadie de un día para otro.`,
        'Puede oponerse. Indíquenos la dirección de su dispositivo, que sus ajustes muestran como dirección wifi o Bluetooth, y no se contará. Esto no puede funcionar con las direcciones que un teléfono cambia por sí mismo, como hacen la mayoría.',
        `Responsable, también para preguntas y oposición: ${company}, ${contact}. También puede presentar una reclamación ante una autoridad de protección de datos.`,
    ],
});

const kWriters: Record<NoticeLanguage, Writer> = { en, de, fr, es };

export function noticeText(language: NoticeLanguage, facts: NoticeFacts): NoticeText {
    return kWriters[language](facts);
}

export function noticePlain({ title, paragraphs }: NoticeText): string {
    return `${[title, ...paragraphs].join('\n\n')}\n`;
}

const escaped = (text: string) =>
    text.replace(
        /[&<>"']/g,
        c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c] ?? c,
    );

/** A page to print, in itself: it loads nothing. */
export function noticeHtml(language: NoticeLanguage, { title, paragraphs }: NoticeText): string {
    const style =
        'body{font:17px/1.5 system-ui,sans-serif;max-width:34em;margin:2em auto;padding:0 1em;color:#111}' +
        'h1{font-size:2em;line-height:1.15;border-bottom:4px solid #111;padding-bottom:.4em}' +
        '@media print{@page{margin:18mm}body{margin:0;max-width:none}}';
    return (
        `<!doctype html>\n<html lang="${language}"><head><meta charset="utf-8">` +
        '<meta name="viewport" content="width=device-width">' +
        `<title>${escaped(title)}</title><style>${style}</style></head><body>\n` +
        `<h1>${escaped(title)}</h1>\n` +
        paragraphs.map(text => `<p>${escaped(text)}</p>\n`).join('') +
        '</body></html>\n'
    );
}
