// Invoices as PDF on one core: three lines with QR-bill, beside a page with one line of text from the same engine and
// font, in alternating rounds. Prints the medians, their ratio and the size of the largest file; what is wanted is 150 a
// second and at most 60 KiB.
#include "document/canvas.h"
#include "document/invoice_pdf.h"
#include "fake/invoice_documents.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <vector>

namespace {

/// Processor time of this thread in seconds: what others do on the machine does not count.
double processor_time()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Files per second; `make` gets the number of the file and returns its bytes.
template <class Make> double rate_of(Make make, std::size_t& largest)
{
    constexpr int files = 300;
    const double start = processor_time();
    for (int i = 0; i < files; ++i) largest = std::max(largest, make(i).size());
    return files / (processor_time() - start);
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

std::string invoice(const document::Fonts& fonts, int number)
{
    auto document = fake::an_invoice();
    document.number = "2026-" + std::to_string(100000 + number);
    document.recipient.house_number = std::to_string(number);
    return document::invoice_pdf(document, fonts);
}

std::string bare_page(const document::Fonts& fonts, int number)
{
    document::Canvas canvas{fonts};
    canvas.add_page();
    canvas.text(20, 20, "Invoice " + std::to_string(number), {});
    return canvas.finish({.title = "Invoice", .author = "Muster Hosting AG", .language = "en", .date = domain::Day{}});
}

} // namespace

int main()
try {
    constexpr int rounds = 5;
    const document::Fonts fonts;
    std::vector<double> invoices, bare;
    std::size_t largest = 0, bare_size = 0;
    for (int round = 0; round < rounds; ++round) {
        invoices.push_back(rate_of([&](int i) { return invoice(fonts, i); }, largest));
        bare.push_back(rate_of([&](int i) { return bare_page(fonts, i); }, bare_size));
    }
    const double rate = median(invoices), ceiling = median(bare), kib = static_cast<double>(largest) / 1024;
    std::printf("%-44s %9.0f /s   ceiling %9.0f /s   ratio %5.2f   wanted 150 /s   %s   largest file %.1f KiB, wanted at most 60   %s\n",
        "invoice PDF with QR-bill, one core", rate, ceiling, rate / ceiling, rate >= 150 ? "ok" : "BELOW", kib, kib <= 60 ? "ok" : "ABOVE");
} catch (const std::exception& error) {
    std::cerr << "pdf: " << error.what() << '\n';
    return EXIT_FAILURE;
}
