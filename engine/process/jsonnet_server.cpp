// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/jsonnet_server.h"

#include "base/text.h"
#include "process/jsonnet_prelude.h"

extern "C" {
#include <libjsonnet.h>
}

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::process {

using object::Value;

namespace {

struct VmDeleter
{
    void operator()(JsonnetVm *vm) const { jsonnet_destroy(vm); }
};
using VmPtr = std::unique_ptr<JsonnetVm, VmDeleter>;

/// \p path without "." and ".."; nothing if it leaves the root.
std::optional<std::string> cleaned(std::string_view path)
{
    std::vector<std::string> kept;
    for (const std::string_view part : split(path, '/')) {
        if (part.empty() || part == ".")
            continue;
        if (part == ".." && kept.empty())
            return std::nullopt;
        if (part == "..")
            kept.pop_back();
        else
            kept.emplace_back(part);
    }
    return join(kept, "/");
}

/// The imports of one evaluation.
class Imports
{
public:
    Imports(JsonnetVm *vm, const Value &request) : m_vm(vm), m_files(request["files"])
    {
        const Value folders = request["importFolders"];
        for (const Value &folder : folders.items())
            m_folders.emplace_back(folder.stringOr());
        std::ranges::reverse(m_folders);
    }

    const std::vector<Value> &needs() const { return m_needs; }

    /// Source: go-jsonnet imports.go (FileImporter.Import)@v0.20.0
    static int import(void *self, const char *base, const char *relative, char **foundHere, char **buffer,
                      std::size_t *size)
    {
        return static_cast<Imports *>(self)->take(base, relative, {foundHere, buffer, size});
    }

private:
    struct Answer
    {
        char **foundHere;
        char **buffer;
        std::size_t *size;
    };

    int take(const std::string &base, const std::string &relative, Answer answer)
    {
        std::vector<std::string> candidates{base + relative};
        for (const std::string &folder : m_folders)
            candidates.push_back(folder + "/" + relative);
        for (const std::string &candidate : candidates) {
            const std::optional<std::string> path = relative.starts_with('/') ? std::nullopt : cleaned(candidate);
            if (!path)
                continue;
            const std::optional<Value> text = m_files.find(*path);
            if (!text) {
                m_needs.emplace_back(*path);
                return say("is not here yet", answer);
            }
            if (text->isNull())
                continue;
            const std::string_view content = text->stringOr();
            give(isProgram(*path) ? withNewerFunctions(content) : std::string(content), *answer.buffer, answer.size);
            std::size_t ignored = 0;
            give(*path + std::string(1, 0), *answer.foundHere, &ignored);
            return 0;
        }
        return say("couldn't open import \"" + relative + "\": no match locally or in the Jsonnet library paths",
                   answer);
    }

    /// False for a file that somebody reads as text: the import does not tell.
    bool isProgram(const std::string &path) const
    {
        const bool hasName = path.ends_with(".jsonnet") || path.ends_with(".libsonnet");
        return hasName && std::ranges::none_of(m_files.entries(), [&](const auto &entry) {
                   return isReadAsText(entry.second.stringOr(), path);
               });
    }

    int say(const std::string &text, Answer answer)
    {
        give(text, *answer.buffer, answer.size);
        return 1;
    }

    void give(const std::string &text, char *&into, std::size_t *size)
    {
        into = jsonnet_realloc(m_vm, nullptr, std::max<std::size_t>(text.size(), 1));
        std::memcpy(into, text.data(), text.size());
        *size = text.size();
    }

    JsonnetVm *m_vm;
    const Value m_files;
    std::vector<std::string> m_folders;
    std::vector<Value> m_needs;
};

using SetVariable = void (*)(JsonnetVm *, const char *, const char *);

void setAll(JsonnetVm *vm, const Value &variables, SetVariable setText, SetVariable setCode)
{
    for (const Value &variable : variables.items()) {
        const std::string name(variable["name"].stringOr());
        const std::string value(variable["value"].stringOr());
        (variable["code"].boolOr(false) ? setCode : setText)(vm, name.c_str(), value.c_str());
    }
}

} // namespace

Value jsonnetAnswer(const Value &request)
{
    const Value id = request["id"];
    const VmPtr vm(jsonnet_make());
    Imports imports(vm.get(), request);
    jsonnet_import_callback(vm.get(), &Imports::import, &imports);
    setAll(vm.get(), request["externals"], jsonnet_ext_var, jsonnet_ext_code);
    setAll(vm.get(), request["arguments"], jsonnet_tla_var, jsonnet_tla_code);
    const std::string file(request["jsonnet"].stringOr());
    const std::string text = withNewerFunctions(request["files"][file].stringOr());
    addNewerNatives(vm.get());
    int failed = 0;
    char *result = jsonnet_evaluate_snippet(vm.get(), file.c_str(), text.c_str(), &failed);
    const std::string output = result ? result : "";
    jsonnet_realloc(vm.get(), result, 0);
    if (failed && !imports.needs().empty())
        return Value::map({{"id", id}, {"need", Value::list(imports.needs())}});
    if (failed)
        return Value::map({{"id", id}, {"error", Value::map({{"message", std::string(trimmed(output))}})}});
    return Value::map({{"id", id}, {"output", output}});
}

} // namespace tiphys::process
