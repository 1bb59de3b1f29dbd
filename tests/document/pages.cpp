#include "document/pages.h"

#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace pages {
namespace {

namespace fs = std::filesystem;

constexpr double dots_per_mm = 300 / 25.4;

/// What a program says on its standard output; `status`, if given, gets how it ended.
std::string output_of(const std::string& command, int* status = nullptr)
{
    auto* pipe = ::popen(command.c_str(), "r");
    if (!pipe) throw std::runtime_error{"cannot run " + command};
    std::string text;
    std::array<char, 65536> buffer{};
    while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), size);
    const int ended = ::pclose(pipe);
    if (status) *status = ended;
    else if (ended != 0) throw std::runtime_error{"failed: " + command + "\n" + text};
    return text;
}

std::string only(int page) { return page == 0 ? "" : " -f " + std::to_string(page) + " -l " + std::to_string(page); }

std::string without_entities(std::string text)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> entities{
        {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}};
    for (const auto& [entity, character] : entities)
        for (std::size_t at = 0; (at = text.find(entity, at)) != std::string::npos; ++at) text.replace(at, entity.size(), character);
    return text;
}

} // namespace

Picture::Picture(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::string magic;
    int most = 0;
    in >> magic >> width_ >> height_ >> most;
    in.get();
    grey_.assign(std::istreambuf_iterator<char>{in}, {});
    if (magic != "P5" || most != 255 || grey_.size() != static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_))
        throw std::runtime_error{file.string() + " is no PGM file"};
}

bool Picture::is_dark(double x, double y) const
{
    const auto column = static_cast<int>(std::lround(x * dots_per_mm - 0.5)), row = static_cast<int>(std::lround(y * dots_per_mm - 0.5));
    if (column < 0 || row < 0 || column >= width_ || row >= height_) return false;
    return static_cast<unsigned char>(grey_[static_cast<std::size_t>(row * width_ + column)]) < 128;
}

Picture::Extent Picture::ink_across(double y, double from_x, double to_x) const
{
    Extent ink{to_x, from_x};
    for (double x = from_x; x <= to_x; x += 0.5 / dots_per_mm)
        if (is_dark(x, y)) ink = {std::min(ink.first, x), x};
    return ink;
}

Picture::Extent Picture::ink_down(double x, double from_y, double to_y) const
{
    Extent ink{to_y, from_y};
    for (double y = from_y; y <= to_y; y += 0.5 / dots_per_mm)
        if (is_dark(x, y)) ink = {std::min(ink.first, y), y};
    return ink;
}

File::File(const std::string& pdf)
{
    static std::atomic<int> made{0};
    folder_ = fs::temp_directory_path() / ("pages." + std::to_string(::getpid()) + '.' + std::to_string(made++));
    fs::create_directory(folder_);
    path_ = folder_ / "file.pdf";
    std::ofstream{path_, std::ios::binary} << pdf;
}

File::~File() { fs::remove_all(folder_); }

int File::count() const
{
    const auto facts = output_of("pdfinfo " + path_.string());
    return std::stoi(facts.substr(facts.find("\nPages:") + 7));
}

std::string File::text(int page) const { return output_of("pdftotext -layout" + only(page) + ' ' + path_.string() + " -"); }

std::vector<Word> File::words(int page) const
{
    std::istringstream lines{output_of("pdftotext -bbox" + only(page) + ' ' + path_.string() + " -")};
    std::vector<Word> words;
    constexpr double mm = 25.4 / 72;
    for (std::string line; std::getline(lines, line);) {
        Word word;
        int text = 0;
        const int values = std::sscanf(line.c_str(), " <word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">%n", &word.left, &word.top,
            &word.right, &word.bottom, &text);
        if (values != 4 || text == 0) continue;
        word.text = without_entities(line.substr(static_cast<std::size_t>(text), line.rfind("</word>") - static_cast<std::size_t>(text)));
        for (auto* length : {&word.left, &word.top, &word.right, &word.bottom}) *length *= mm;
        words.push_back(std::move(word));
    }
    return words;
}

fs::path File::draw(int page) const
{
    const auto picture = folder_ / "page";
    output_of("pdftoppm -r 300 -gray -singlefile" + only(page) + ' ' + path_.string() + ' ' + picture.string());
    return picture.string() + ".pgm";
}

Picture File::picture(int page) const { return Picture{draw(page)}; }

std::string File::code(int page) const { return output_of("ZXingReader -format QRCode -bytes " + draw(page).string()); }

std::string File::faults() const
{
    int status = 0;
    const auto said = output_of("qpdf --check " + path_.string() + " 2>&1", &status);
    return status == 0 ? "" : said;
}

} // namespace pages
