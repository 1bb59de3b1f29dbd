#include "document/invoice_payment.h"
#include "document/invoice_pdf.h"
#include "document/pages.h"
#include "fake/invoice_documents.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

namespace {

/// QR_INVOICES invoices are drawn; TEST_SEED repeats a run.
int from_environment(const char* name, int otherwise)
{
    const char* given = std::getenv(name);
    return given ? std::atoi(given) : otherwise;
}

} // namespace

BOOST_AUTO_TEST_SUITE(qr_code)

// Drawn as on a screen or printer and read again, byte for byte: languages, currencies, both kinds of reference, long
// names, up to 60 lines, every character that a QR-bill may hold.
BOOST_AUTO_TEST_CASE(every_code_is_read_as_it_was_written)
{
    const document::Fonts fonts;
    const int count = from_environment("QR_INVOICES", 40), first_seed = from_environment("TEST_SEED", 1);
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<unsigned>(first_seed + i);
        const auto invoice = fake::InvoiceDraw{seed}.invoice();
        const pages::File file{document::invoice_pdf(invoice, fonts)};
        const auto expected = std::get<std::string>(document::write_qr_payload(document::payment_of(invoice)));
        BOOST_TEST(file.code(file.count()) == expected, "of seed " << seed);
    }
}

BOOST_AUTO_TEST_SUITE_END()
