// What a member agrees to by registering a card. A text that changes is a new version: domain/card_consent.h lists them, and each
// registration keeps the version, the language, the time and the address. {merchant} is who charges the card.
export const version = '2026-11-29';

export const consent = {
    de: 'Mit «Karte hinterlegen» ermächtige ich {merchant}, diese Karte für meine künftigen Rechnungen zu belasten, auch ohne dass ich '
        + 'dabei bin. Die Beträge stehen auf den Rechnungen. Ich kann die Karte jederzeit auf dieser Seite entfernen. Zeitpunkt, Fassung '
        + 'dieses Textes und IP-Adresse meiner Einwilligung werden gespeichert.',
    fr: 'En cliquant sur «Enregistrer la carte», j’autorise {merchant} à débiter cette carte pour mes factures futures, même en mon '
        + 'absence. Les montants figurent sur les factures. Je peux supprimer la carte en tout temps sur cette page. La date, la version de '
        + 'ce texte et l’adresse IP de mon consentement sont conservées.',
    it: 'Con «Registra la carta» autorizzo {merchant} ad addebitare su questa carta le mie fatture future, anche in mia assenza. Gli '
        + 'importi figurano sulle fatture. Posso rimuovere la carta in qualsiasi momento su questa pagina. La data, la versione di questo '
        + 'testo e l’indirizzo IP del mio consenso vengono conservati.',
    en: 'By pressing “Register card” I authorise {merchant} to charge this card for my future invoices, also while I am not present. The '
        + 'amounts are stated on the invoices. I can remove the card at any time on this page. The time, the version of this text and the '
        + 'IP address of my consent are stored.',
};
