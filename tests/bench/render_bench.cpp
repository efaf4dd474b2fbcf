// SPDX-License-Identifier: GPL-3.0-or-later
// Rendering inside one process: the time of one source whose files are in memory, first and with templates known.
// Arguments: pairs of a folder and the path of the source in it.
#include "bench/measure.h"
#include "render/helm/template_cache.h"
#include "render/source_type.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace tiphys;

namespace {

namespace fs = std::filesystem;

constexpr double kLeastMilliseconds = 300; ///< of one measurement

std::shared_ptr<const render::FileTree> treeOf(const fs::path &folder)
{
    std::vector<std::pair<std::string, std::string>> files;
    for (const fs::directory_entry &entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file())
            continue;
        std::ifstream file(entry.path(), std::ios::binary);
        files.emplace_back(fs::relative(entry.path(), folder).generic_string(),
                           std::string(std::istreambuf_iterator<char>(file), {}));
    }
    return render::memoryTree(std::move(files));
}

/// Milliseconds of processor time of one rendering, the best of three measurements.
double milliseconds(const render::FileTree &files, const object::Value &source, const render::RenderContext &context,
                    std::size_t &objects)
{
    double best = 1e9;
    for (int attempt = 0; attempt < 3; ++attempt) {
        const double start = bench::processorMilliseconds();
        int runs = 0;
        double spent = 0;
        while (spent < kLeastMilliseconds) {
            const Expected<render::Rendered> rendered = render::renderSource(source, files, "bench", context);
            if (!rendered) {
                std::fprintf(stderr, "%s\n", rendered.error().text().c_str());
                std::exit(1);
            }
            objects = rendered->objects.size();
            ++runs;
            spent = bench::processorMilliseconds() - start;
        }
        best = std::min(best, spent / runs);
    }
    return best;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3 || argc % 2 == 0) {
        std::puts("usage: tiphys_render_bench FOLDER PATH [FOLDER PATH]...");
        return 2;
    }
    std::puts("| inside one process, processor time | first | templates known |\n|---|---|---|");
    for (int i = 1; i + 1 < argc; i += 2) {
        const fs::path folder(argv[i]);
        const auto files = treeOf(folder);
        const object::Value source =
            object::Value::map({{"repoURL", "bench"}, {"path", std::string_view(argv[i + 1])}});
        std::size_t objects = 0;
        const double first = milliseconds(*files, source, {}, objects);
        render::RenderContext context;
        context.templates = std::make_shared<render::TemplateCache>();
        const double warm = milliseconds(*files, source, context, objects);
        std::printf("| %s, %zu objects | %.3f ms | %.3f ms |\n", folder.filename().string().c_str(), objects, first,
                    warm);
    }
    return 0;
}
