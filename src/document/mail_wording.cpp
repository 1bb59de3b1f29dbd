#include "document/mail_wording.h"

#include <stdexcept>

namespace document {
namespace {

constexpr MailWording german{
    .greeting = "Guten Tag {name}",
    .greeting_nobody = "Guten Tag",
    .closing = "Freundliche Grüsse",
    .questions = "Bei Fragen schreiben Sie uns bitte an {email}.",
    .invoice = "Rechnung",
    .credit_note = "Gutschrift",
    .issued_on = "Datum",
    .amount = "Betrag",
    .open = "Offener Betrag",
    .due_on = "Zahlbar bis",
    .days_overdue = "Tage überfällig",
    .reason = "Grund",
    .corrected = "Zu Rechnung",
    .issued = {"Rechnung {number} von {sender}", "Im Anhang finden Sie Ihre Rechnung {number} über {total}."},
    .credit_note_issued = {"Gutschrift {number} von {sender}", "Im Anhang finden Sie Ihre Gutschrift {number} über {total}."},
    .payment_failed = {"Die Zahlung der Rechnung {number} ist fehlgeschlagen",
        "Wir konnten {open} für die Rechnung {number} nicht Ihrer Karte{card} belasten."},
    .authentication_required = {"Bitte bestätigen Sie die Zahlung der Rechnung {number}",
        "Ihre Bank verlangt, dass Sie die Zahlung von {open} für die Rechnung {number} selbst bestätigen."},
    .reminder = {"Zahlungserinnerung: Rechnung {number}",
        "Vielleicht ist es Ihnen entgangen: Die Rechnung {number} war am {due} fällig und ist noch nicht ganz bezahlt."},
    .second_reminder = {"Zweite Zahlungserinnerung: Rechnung {number}",
        "Trotz unserer Erinnerung ist die Rechnung {number}, die am {due} fällig war, noch nicht ganz bezahlt."},
    .final_notice = {"Letzte Mahnung: Rechnung {number}",
        "Die Rechnung {number}, die am {due} fällig war, ist trotz unserer Erinnerungen noch offen. Dies ist unsere letzte Mahnung."},
    .suspended = {"Ihre Dienste sind gesperrt: Rechnung {number}",
        "Die Rechnung {number}, die am {due} fällig war, ist trotz unserer Mahnungen noch offen. Wir haben deshalb gesperrt:"},
    .reinstated = {"Ihre Dienste sind wieder freigegeben: Rechnung {number}",
        "Die Rechnung {number} ist beglichen. Ihre Dienste sind wieder freigegeben; Sie brauchen nichts zu tun. Vielen Dank."},
    .refunded = {"Rückerstattung von {total}", "Wir haben Ihnen {total} auf Ihre Karte{card} zurückerstattet."},
    .card_expiring = {"Ihre Karte{card} läuft ab", "Ihre Karte{card}, mit der Sie bei uns bezahlen, ist nur noch bis Ende {month} gültig."},
    .settled = "Die Rechnung ist beglichen; Sie brauchen nichts zu tun. Vielen Dank.",
    .card_will_be_charged = "Wir belasten {open} Ihrer Karte{card}; Sie brauchen nichts zu tun.",
    .pay_by = "Bitte zahlen Sie {open} bis zum {due}. Der Zahlteil mit QR-Code steht in der beigelegten Rechnung.",
    .pay_overdue = "Bitte zahlen Sie {open} in den nächsten Tagen. Der Zahlteil mit QR-Code steht in der beigelegten Rechnung.",
    .pay_here = "Bezahlen können Sie hier:",
    .credit_goes_to = "Der Betrag wird mit offenen Rechnungen verrechnet; was übrig bleibt, steht Ihnen als Guthaben zur Verfügung.",
    .charged_again =
        "Wir versuchen es in den nächsten Tagen noch einmal. Sie können auch gleich bezahlen oder eine andere Karte hinterlegen.",
    .charged_no_more = "Diese Karte belasten wir nicht mehr. Bitte hinterlegen Sie eine andere Karte, damit Ihre Dienste weiterlaufen.",
    .confirm_here = "Hier bestätigen Sie die Zahlung:",
    .confirm_until = "Bitte tun Sie das bis zum {until}; danach verfällt der Versuch.",
    .next_second_reminder = "Ist der Betrag bis zum {next} nicht bei uns eingegangen, erinnern wir Sie ein zweites Mal.",
    .next_final_notice = "Ist der Betrag bis zum {next} nicht bei uns eingegangen, erhalten Sie die letzte Mahnung.",
    .next_suspended = "Ist der Betrag bis zum {next} nicht bei uns eingegangen, sperren wir Ihre Dienste.",
    .crossed = "Haben Sie inzwischen bezahlt? Dann ist diese Nachricht gegenstandslos.",
    .lifted_when = "Sobald {open} bei uns eingegangen sind, geben wir diese Dienste von selbst wieder frei.",
    .refunded_bank = "Wir haben Ihnen {total} auf Ihr Konto {account} überwiesen.",
    .takes_days = "Bis der Betrag bei Ihnen erscheint, kann es je nach Bank einige Tage dauern.",
    .give_new_card = "Bitte hinterlegen Sie rechtzeitig eine neue Karte, damit Ihre Rechnungen weiterhin bezahlt werden.",
    .register_here = "Eine Karte hinterlegen Sie hier:",
};

constexpr MailWording french{
    .greeting = "Bonjour {name},",
    .greeting_nobody = "Bonjour,",
    .closing = "Meilleures salutations",
    .questions = "Pour toute question, vous pouvez nous écrire à {email}.",
    .invoice = "Facture",
    .credit_note = "Note de crédit",
    .issued_on = "Date",
    .amount = "Montant",
    .open = "Montant ouvert",
    .due_on = "Payable jusqu’au",
    .days_overdue = "Jours de retard",
    .reason = "Motif",
    .corrected = "Concerne la facture",
    .issued = {"Facture {number} de {sender}", "Vous trouverez ci-joint votre facture {number} de {total}."},
    .credit_note_issued = {"Note de crédit {number} de {sender}", "Vous trouverez ci-joint votre note de crédit {number} de {total}."},
    .payment_failed = {"Le paiement de la facture {number} a échoué",
        "Nous n’avons pas pu débiter {open} de votre carte{card} pour la facture {number}."},
    .authentication_required = {"Veuillez confirmer le paiement de la facture {number}",
        "Votre banque demande que vous confirmiez vous-même le paiement de {open} pour la facture {number}."},
    .reminder = {"Rappel: facture {number}",
        "Cela vous a peut-être échappé: la facture {number} était payable jusqu’au {due} et n’est pas encore entièrement réglée."},
    .second_reminder = {"Deuxième rappel: facture {number}",
        "Malgré notre rappel, la facture {number}, payable jusqu’au {due}, n’est pas encore entièrement réglée."},
    .final_notice = {"Dernier rappel: facture {number}",
        "La facture {number}, payable jusqu’au {due}, reste ouverte malgré nos rappels. Ceci est notre dernier rappel."},
    .suspended = {"Vos services sont suspendus: facture {number}",
        "La facture {number}, payable jusqu’au {due}, reste ouverte malgré nos rappels. Nous avons donc suspendu:"},
    .reinstated = {"Vos services sont rétablis: facture {number}",
        "La facture {number} est réglée. Vos services sont rétablis; vous n’avez rien à faire. Merci."},
    .refunded = {"Remboursement de {total}", "Nous vous avons remboursé {total} sur votre carte{card}."},
    .card_expiring = {"Votre carte{card} arrive à échéance",
        "Votre carte{card}, avec laquelle vous nous payez, n’est valable que jusqu’à la fin du mois {month}."},
    .settled = "La facture est réglée; vous n’avez rien à faire. Merci.",
    .card_will_be_charged = "Nous débiterons {open} de votre carte{card}; vous n’avez rien à faire.",
    .pay_by = "Nous vous prions de régler {open} d’ici au {due}. La section paiement avec code QR se trouve dans la facture ci-jointe.",
    .pay_overdue =
        "Nous vous prions de régler {open} ces prochains jours. La section paiement avec code QR se trouve dans la facture ci-jointe.",
    .pay_here = "Vous pouvez payer ici:",
    .credit_goes_to = "Ce montant est imputé sur vos factures ouvertes; le reste est porté à votre avoir.",
    .charged_again = "Nous réessaierons ces prochains jours. Vous pouvez aussi payer tout de suite ou enregistrer une autre carte.",
    .charged_no_more =
        "Nous ne débiterons plus cette carte. Veuillez enregistrer une autre carte, afin que vos services ne soient pas interrompus.",
    .confirm_here = "Confirmez le paiement ici:",
    .confirm_until = "Veuillez le faire d’ici au {until}; passé ce délai, la tentative est abandonnée.",
    .next_second_reminder = "Sans réception du montant d’ici au {next}, nous vous enverrons un deuxième rappel.",
    .next_final_notice = "Sans réception du montant d’ici au {next}, vous recevrez un dernier rappel.",
    .next_suspended = "Sans réception du montant d’ici au {next}, nous suspendrons vos services.",
    .crossed = "Avez-vous payé entre-temps? Ce message est alors sans objet.",
    .lifted_when = "Dès réception de {open}, ces services seront rétablis d’eux-mêmes.",
    .refunded_bank = "Nous vous avons versé {total} sur votre compte {account}.",
    .takes_days = "Selon votre banque, quelques jours peuvent passer avant que le montant n’apparaisse.",
    .give_new_card = "Veuillez enregistrer une nouvelle carte à temps, afin que vos factures continuent d’être payées.",
    .register_here = "Vous enregistrez une carte ici:",
};

constexpr MailWording italian{
    .greeting = "Buongiorno {name},",
    .greeting_nobody = "Buongiorno,",
    .closing = "Cordiali saluti",
    .questions = "Per qualsiasi domanda può scriverci a {email}.",
    .invoice = "Fattura",
    .credit_note = "Nota di credito",
    .issued_on = "Data",
    .amount = "Importo",
    .open = "Importo aperto",
    .due_on = "Pagabile entro il",
    .days_overdue = "Giorni di ritardo",
    .reason = "Motivo",
    .corrected = "Relativa alla fattura",
    .issued = {"Fattura {number} di {sender}", "in allegato trova la Sua fattura {number} di {total}."},
    .credit_note_issued = {"Nota di credito {number} di {sender}", "in allegato trova la Sua nota di credito {number} di {total}."},
    .payment_failed = {"Il pagamento della fattura {number} non è riuscito",
        "non abbiamo potuto addebitare {open} sulla Sua carta{card} per la fattura {number}."},
    .authentication_required = {"La preghiamo di confermare il pagamento della fattura {number}",
        "la Sua banca chiede che Lei confermi personalmente il pagamento di {open} per la fattura {number}."},
    .reminder = {"Promemoria di pagamento: fattura {number}",
        "forse Le è sfuggito: la fattura {number} era pagabile entro il {due} e non è ancora interamente saldata."},
    .second_reminder = {"Secondo promemoria di pagamento: fattura {number}",
        "nonostante il nostro promemoria, la fattura {number}, pagabile entro il {due}, non è ancora interamente saldata."},
    .final_notice = {"Ultimo sollecito: fattura {number}",
        "la fattura {number}, pagabile entro il {due}, è ancora aperta nonostante i nostri promemoria. Questo è l’ultimo sollecito."},
    .suspended = {"I Suoi servizi sono sospesi: fattura {number}",
        "la fattura {number}, pagabile entro il {due}, è ancora aperta nonostante i nostri solleciti. Abbiamo quindi sospeso:"},
    .reinstated = {"I Suoi servizi sono riattivati: fattura {number}",
        "la fattura {number} è saldata. I Suoi servizi sono riattivati; non deve fare nulla. Grazie."},
    .refunded = {"Rimborso di {total}", "Le abbiamo rimborsato {total} sulla Sua carta{card}."},
    .card_expiring = {"La Sua carta{card} sta per scadere",
        "la Sua carta{card}, con la quale ci paga, è valida solo fino alla fine di {month}."},
    .settled = "La fattura è saldata; non deve fare nulla. Grazie.",
    .card_will_be_charged = "Addebiteremo {open} sulla Sua carta{card}; non deve fare nulla.",
    .pay_by = "La preghiamo di versare {open} entro il {due}. La sezione pagamento con codice QR si trova nella fattura allegata.",
    .pay_overdue =
        "La preghiamo di versare {open} nei prossimi giorni. La sezione pagamento con codice QR si trova nella fattura allegata.",
    .pay_here = "Può pagare qui:",
    .credit_goes_to = "L’importo viene compensato con le fatture aperte; il resto rimane a Sua disposizione come credito.",
    .charged_again = "Riproveremo nei prossimi giorni. Può anche pagare subito o registrare un’altra carta.",
    .charged_no_more = "Non addebiteremo più questa carta. La preghiamo di registrarne un’altra, affinché i Suoi servizi continuino.",
    .confirm_here = "Confermi il pagamento qui:",
    .confirm_until = "La preghiamo di farlo entro il {until}; dopo, il tentativo decade.",
    .next_second_reminder = "Se l’importo non ci perviene entro il {next}, Le invieremo un secondo promemoria.",
    .next_final_notice = "Se l’importo non ci perviene entro il {next}, riceverà l’ultimo sollecito.",
    .next_suspended = "Se l’importo non ci perviene entro il {next}, sospenderemo i Suoi servizi.",
    .crossed = "Ha pagato nel frattempo? In tal caso consideri nullo questo messaggio.",
    .lifted_when = "Non appena avremo ricevuto {open}, questi servizi saranno riattivati automaticamente.",
    .refunded_bank = "Le abbiamo versato {total} sul Suo conto {account}.",
    .takes_days = "A seconda della banca possono passare alcuni giorni prima che l’importo compaia.",
    .give_new_card = "La preghiamo di registrare per tempo una nuova carta, affinché le Sue fatture continuino a essere pagate.",
    .register_here = "Può registrare una carta qui:",
};

constexpr MailWording english{
    .greeting = "Dear {name}",
    .greeting_nobody = "Dear customer",
    .closing = "Kind regards",
    .questions = "If you have any questions, please write to {email}.",
    .invoice = "Invoice",
    .credit_note = "Credit note",
    .issued_on = "Date",
    .amount = "Amount",
    .open = "Amount open",
    .due_on = "Payable by",
    .days_overdue = "Days overdue",
    .reason = "Reason",
    .corrected = "For invoice",
    .issued = {"Invoice {number} from {sender}", "Please find attached your invoice {number} for {total}."},
    .credit_note_issued = {"Credit note {number} from {sender}", "Please find attached your credit note {number} for {total}."},
    .payment_failed = {"The payment of invoice {number} failed", "We could not charge {open} to your card{card} for invoice {number}."},
    .authentication_required = {"Please confirm the payment of invoice {number}",
        "Your bank wants you to confirm the payment of {open} for invoice {number} yourself."},
    .reminder = {"Reminder: invoice {number}", "You may have missed it: invoice {number} was payable by {due} and is not fully paid yet."},
    .second_reminder = {"Second reminder: invoice {number}",
        "In spite of our reminder, invoice {number}, payable by {due}, is not fully paid yet."},
    .final_notice = {"Final notice: invoice {number}",
        "Invoice {number}, payable by {due}, is still open in spite of our reminders. This is our final notice."},
    .suspended = {"Your services are suspended: invoice {number}",
        "Invoice {number}, payable by {due}, is still open in spite of our notices. We have therefore suspended:"},
    .reinstated = {"Your services are available again: invoice {number}",
        "Invoice {number} is settled. Your services are available again; there is nothing you need to do. Thank you."},
    .refunded = {"Refund of {total}", "We have refunded {total} to your card{card}."},
    .card_expiring = {"Your card{card} is about to expire",
        "Your card{card}, with which you pay us, is only valid until the end of {month}."},
    .settled = "The invoice is settled; there is nothing you need to do. Thank you.",
    .card_will_be_charged = "We will charge {open} to your card{card}; there is nothing you need to do.",
    .pay_by = "Please pay {open} by {due}. The payment part with its QR code is in the attached invoice.",
    .pay_overdue = "Please pay {open} in the next few days. The payment part with its QR code is in the attached invoice.",
    .pay_here = "You can pay here:",
    .credit_goes_to = "The amount is set off against open invoices; what is left is credit at your disposal.",
    .charged_again = "We will try again in the next few days. You can also pay right now or register another card.",
    .charged_no_more = "We will not charge this card any more. Please register another card so that your services go on.",
    .confirm_here = "Confirm the payment here:",
    .confirm_until = "Please do so by {until}; after that the attempt is given up.",
    .next_second_reminder = "If the amount has not reached us by {next}, we will remind you a second time.",
    .next_final_notice = "If the amount has not reached us by {next}, you will get a final notice.",
    .next_suspended = "If the amount has not reached us by {next}, we will suspend your services.",
    .crossed = "Have you paid in the meantime? Then please disregard this message.",
    .lifted_when = "As soon as {open} has reached us, these services become available again by themselves.",
    .refunded_bank = "We have transferred {total} to your account {account}.",
    .takes_days = "Depending on your bank it may take some days until the amount shows up.",
    .give_new_card = "Please register a new card in time so that your invoices continue to be paid.",
    .register_here = "You can register a card here:",
};

} // namespace

const MailWording& mail_wording(std::string_view language)
{
    if (language == "de") return german;
    if (language == "fr") return french;
    if (language == "it") return italian;
    return english;
}

const MailWording::Words& words_of(const MailWording& wording, domain::MailKind kind)
{
    switch (kind) {
    case domain::MailKind::issued: return wording.issued;
    case domain::MailKind::credit_note: return wording.credit_note_issued;
    case domain::MailKind::payment_failed: return wording.payment_failed;
    case domain::MailKind::authentication_required: return wording.authentication_required;
    case domain::MailKind::reminder: return wording.reminder;
    case domain::MailKind::second_reminder: return wording.second_reminder;
    case domain::MailKind::final_notice: return wording.final_notice;
    case domain::MailKind::suspended: return wording.suspended;
    case domain::MailKind::reinstated: return wording.reinstated;
    case domain::MailKind::refunded: return wording.refunded;
    case domain::MailKind::card_expiring: return wording.card_expiring;
    }
    throw std::domain_error{"no such kind of mail"};
}

} // namespace document
