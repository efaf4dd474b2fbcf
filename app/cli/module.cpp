// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/module.h"

#include "cli/commands.h"

#include <filesystem>
#include <string>
#include <vector>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace tiphys::cli {

namespace fs = std::filesystem;

namespace {

#if defined(_WIN32)
constexpr std::string_view kPrefix = "tiphys-";
constexpr std::string_view kSuffix = ".dll";

fs::path programPath(const char *)
{
    std::wstring path(32768, L'\0');
    path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    return path;
}

Expected<TiphysModuleMain> openModule(const fs::path &file)
{
    HMODULE library = LoadLibraryW(file.c_str());
    auto *entry = library ? GetProcAddress(library, "tiphysModuleMain") : nullptr;
    if (!entry)
        return failure(ErrorCode::Internal, "cannot load " + file.string());
    return reinterpret_cast<TiphysModuleMain>(entry);
}
#else
constexpr std::string_view kPrefix = "libtiphys-";
#if defined(__APPLE__)
constexpr std::string_view kSuffix = ".dylib";
#else
constexpr std::string_view kSuffix = ".so";
#endif

fs::path programPath(const char *name)
{
    std::error_code code;
    const fs::path self = fs::read_symlink("/proc/self/exe", code);
    return code ? fs::path(name) : self;
}

Expected<TiphysModuleMain> openModule(const fs::path &file)
{
    void *library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    void *entry = library ? dlsym(library, "tiphysModuleMain") : nullptr;
    if (!entry)
        return failure(ErrorCode::Internal, std::string("cannot load a part of the program: ") + dlerror());
    return reinterpret_cast<TiphysModuleMain>(entry);
}
#endif

} // namespace

std::string programFile(const char *program)
{
    return programPath(program).string();
}

int runModule(const char *program, const char *name, const Invocation &invocation)
{
    const fs::path folder = programPath(program).parent_path();
    const std::string file = std::string(kPrefix) + name + std::string(kSuffix);
    std::error_code ignored;
    for (const fs::path &candidate : {folder / ".." / "lib" / "tiphys" / file, folder / file}) {
        if (!fs::exists(candidate, ignored))
            continue;
        const Expected<TiphysModuleMain> entry = openModule(candidate);
        return entry ? (*entry)(&invocation) : fail(entry.error());
    }
    return fail(Error(ErrorCode::NotFound, file + " is not beside the program in lib/tiphys"));
}

} // namespace tiphys::cli
