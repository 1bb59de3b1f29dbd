#pragma once
#include "document/invoice_document.h"
#include "domain/payment_reference.h"

#include <array>
#include <random>
#include <string>

// Invoices as the document layer gets them: a plain one, and as many different ones as there are seeds. All names,
// accounts and numbers are invented.
namespace fake {

using namespace std::chrono_literals;

inline constexpr const char* qr_iban = "CH7330999000000012345";
inline constexpr const char* plain_iban = "CH7189999000000012345";

inline document::Issuer an_issuer()
{
    return {.address = {.company = "Muster Hosting AG",
                .street = "Beispielgasse",
                .house_number = "12a",
                .postal_code = "8000",
                .city = "Musterstadt",
                .country = "CH"},
        .uid = "CHE-123.456.788",
        .email = "billing@muster-hosting.example",
        .web = "www.muster-hosting.example",
        .phone = {}};
}

/// Three lines at 8.1 %, prices with tax, QR reference.
inline document::InvoiceDocument an_invoice()
{
    const domain::Period november{2026y / 11 / 1, 2026y / 12 / 1};
    const domain::VatRate normal{810};
    return {.kind = domain::InvoiceKind::invoice,
        .language = "de",
        .currency = domain::Currency::chf,
        .number = "2026-000042",
        .issued_on = 2026y / 11 / 24,
        .due_on = 2026y / 12 / 24,
        .issuer = an_issuer(),
        .recipient = {.company = "Beispiel & Söhne GmbH",
            .name = "Žofie Müller",
            .street = "Rue de l’Exemple",
            .house_number = "7",
            .postal_code = "1200",
            .city = "Genève",
            .country = "CH"},
        .customer_number = "10042",
        .customer_reference = "PO 7/2026",
        .customer_vat_id = {},
        .lines = {{"IPv6-only VM, 2 Kerne, 4 GB RAM, 20 GB SSD", november, 2, 1500, 3000, normal},
            {"Django-Hosting", november, 1, 1200, 1200, normal},
            {"Einrichtung dedizierter Server", domain::Period{2026y / 11 / 24, 2026y / 11 / 25}, 1, 194975, 194975, normal}},
        .taxes = {{normal, 184251, 14924, "CH"}},
        .vat_note = domain::VatNote::ch_vat,
        .oss_id = {},
        .total_minor = 199175,
        .corrected = {},
        .notes = {},
        .card = {},
        .payment_part = document::PaymentPart{qr_iban, *domain::make_qr_reference("20261124000000000000000042")}};
}

/// Draws what is different about an invoice.
class InvoiceDraw {
public:
    explicit InvoiceDraw(unsigned seed) : random_{seed} {}

    document::InvoiceDocument invoice()
    {
        auto invoice = an_invoice();
        invoice.language = std::array{"de", "fr", "it", "en"}.at(below(4));
        invoice.currency = below(3) == 0 ? domain::Currency::eur : domain::Currency::chf;
        invoice.number = "2026-" + std::to_string(100000 + below(900000));
        invoice.recipient = recipient();
        invoice.customer_reference = below(2) == 0 ? text(1 + below(35)) : "";
        invoice.prices_include_vat = below(2) == 0;
        add_lines(invoice, below(10) == 0 ? 60 : 1 + below(12));
        if (below(4) == 0) invoice.applied_minor = invoice.total_minor / 3;
        choose_account(invoice);
        return invoice;
    }

private:
    unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

    /// Any character that a QR-bill may hold.
    std::string character()
    {
        const auto append = [](char32_t c) {
            std::string bytes;
            if (c < 0x80) return bytes += static_cast<char>(c);
            if (c < 0x800) return (bytes += static_cast<char>(0xC0 | (c >> 6))) += static_cast<char>(0x80 | (c & 0x3F));
            bytes += static_cast<char>(0xE0 | (c >> 12));
            return (bytes += static_cast<char>(0x80 | ((c >> 6) & 0x3F))) += static_cast<char>(0x80 | (c & 0x3F));
        };
        switch (below(8)) {
        case 0: return append(0xA1 + below(0x17F - 0xA1 + 1));
        case 1: return append(0x21 + below(0x7E - 0x21 + 1));
        case 2: return below(4) == 0 ? append(0x20AC) : append(0x218 + below(4));
        default: return append('a' + below(26));
        }
    }

    /// Words of such characters, no blank at either end.
    std::string text(unsigned characters)
    {
        std::string words = character();
        for (unsigned i = 1; i < characters; ++i) words += i + 1 < characters && i % 2 == 1 && below(6) == 0 ? " " : character();
        return words;
    }

    domain::BillingAddress recipient()
    {
        const bool is_long = below(4) == 0;
        domain::BillingAddress address{.company = below(2) == 0 ? text(is_long ? 70 : 5 + below(30)) : "",
            .name = text(is_long ? 70 : 5 + below(25)),
            .street = below(8) == 0 ? "" : text(is_long ? 70 : 5 + below(25)),
            .house_number = below(8) == 0 ? "" : std::to_string(1 + below(999)),
            .postal_code = std::to_string(1000 + below(9000)),
            .city = text(is_long ? 35 : 3 + below(20)),
            .country = below(4) == 0 ? "DE" : "CH"};
        if (below(10) == 0) address.city.clear(); // then the payer fills in the debtor
        return address;
    }

    void add_lines(document::InvoiceDocument& invoice, unsigned count)
    {
        invoice.lines.clear();
        std::int64_t net = 0;
        for (unsigned i = 0; i < count; ++i) {
            const int quantity = 1 + static_cast<int>(below(5));
            const std::int64_t unit = 1 + below(below(5) == 0 ? 9'999'999 : 9'999);
            const auto first = domain::Day{2026y / 1 / 1} + std::chrono::days{below(300)};
            invoice.lines.push_back({text(10 + below(120)), domain::Period{first, first + std::chrono::days{1 + below(90)}}, quantity, unit,
                quantity * unit, {810}});
            net += quantity * unit;
        }
        const auto tax = domain::vat_of(net, {810}, false);
        invoice.prices_include_vat = false;
        invoice.taxes = {{{810}, net, tax, "CH"}};
        invoice.total_minor = net + tax;
    }

    void choose_account(document::InvoiceDocument& invoice)
    {
        if (below(2) == 0) {
            std::string digits = "1";
            while (digits.size() < 26) digits += static_cast<char>('0' + below(10));
            invoice.payment_part = document::PaymentPart{qr_iban, *domain::make_qr_reference(digits)};
        } else {
            std::string body;
            for (auto length = 1 + below(21); body.size() < length;) body += "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[below(36)];
            invoice.payment_part = document::PaymentPart{plain_iban, below(5) == 0 ? "" : *domain::make_creditor_reference(body)};
        }
    }

    std::mt19937 random_;
};

} // namespace fake
