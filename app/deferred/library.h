// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// \file
/// Functions of a shared library that is loaded when the first of them is called. A source that includes this file names
/// the library and lists the functions; programs link that source instead of the library (cmake/Deferred.cmake):
///
///     #define TIPHYS_DEFERRED_LIBRARY crypto                     // a word of its own, for the symbols made here
///     #define TIPHYS_DEFERRED_FILE TIPHYS_CRYPTO_FILE            // "libcrypto.so.3"
///     #define TIPHYS_DEFERRED_FUNCTIONS(F) F(EVP_Digest) F(HMAC)
///     #include "deferred/library.h"
///
/// Each function jumps to where its slot says: at first to the lookup, later to the function itself, with the arguments
/// that it was called with. Floating point arguments are not kept by the lookup. Threads may call at the same time.
/// Errors: a library that cannot be loaded ends the program with a sentence on standard error, as it would at its start.
/// For x86-64 and ELF.

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

#define TIPHYS_TEXT_OF(x) #x
#define TIPHYS_TEXT(x) TIPHYS_TEXT_OF(x)
#define TIPHYS_JOINED_OF(a, b) a##b
#define TIPHYS_JOINED(a, b) TIPHYS_JOINED_OF(a, b)
#define TIPHYS_DEFERRED_LOOKUP TIPHYS_JOINED(tiphysLookup_, TIPHYS_DEFERRED_LIBRARY)

/// Finds the function called \p name and remembers it in \p slot.
extern "C" __attribute__((visibility("hidden"), used)) void *TIPHYS_DEFERRED_LOOKUP(void **slot, const char *name)
{
    static void *const library = dlopen(TIPHYS_DEFERRED_FILE, RTLD_LAZY | RTLD_LOCAL);
    void *const function = library ? dlsym(library, name) : nullptr;
    if (!function) {
        const char *const reason = dlerror();
        std::fprintf(stderr, "tiphysctl: cannot load a library: %s\n", reason ? reason : name);
        std::_Exit(1);
    }
    __atomic_store_n(slot, function, __ATOMIC_RELEASE);
    return function;
}

// Entered with the slot in r11 and the name in r10, on the stack of the caller of the function.
asm(".text\n"
    ".p2align 4\n"
    "tiphysEnter_" TIPHYS_TEXT(
        TIPHYS_DEFERRED_LIBRARY) ":\n"
                                 "    pushq %rdi\n    pushq %rsi\n    pushq %rdx\n    pushq %rcx\n    pushq %r8\n    "
                                 "pushq %r9\n    pushq %rax\n"
                                 "    movq %r11, %rdi\n"
                                 "    movq %r10, %rsi\n"
                                 "    call " TIPHYS_TEXT(
                                     TIPHYS_DEFERRED_LOOKUP) "\n"
                                                             "    movq %rax, %r11\n"
                                                             "    popq %rax\n    popq %r9\n    popq %r8\n    popq "
                                                             "%rcx\n    popq %rdx\n    popq %rsi\n    popq %rdi\n"
                                                             "    jmpq *%r11\n");

#define TIPHYS_DEFERRED_FUNCTION(name)                                                                                 \
    asm(".section .rodata\n"                                                                                           \
        "tiphysName_" #name ": .asciz \"" #name "\"\n"                                                                 \
        ".data\n"                                                                                                      \
        ".p2align 3\n"                                                                                                 \
        "tiphysSlot_" #name ": .quad tiphysFirst_" #name "\n"                                                          \
        ".text\n"                                                                                                      \
        ".p2align 4\n"                                                                                                 \
        ".globl " #name "\n"                                                                                           \
        ".hidden " #name "\n"                                                                                          \
        ".type " #name ", @function\n" #name ":\n"                                                                     \
        "    endbr64\n"                                                                                                \
        "    jmpq *tiphysSlot_" #name "(%rip)\n"                                                                       \
        ".size " #name ", .-" #name "\n"                                                                               \
        "tiphysFirst_" #name ":\n"                                                                                     \
        "    endbr64\n"                                                                                                \
        "    leaq tiphysSlot_" #name "(%rip), %r11\n"                                                                  \
        "    leaq tiphysName_" #name "(%rip), %r10\n"                                                                  \
        "    jmp tiphysEnter_" TIPHYS_TEXT(TIPHYS_DEFERRED_LIBRARY) "\n");

TIPHYS_DEFERRED_FUNCTIONS(TIPHYS_DEFERRED_FUNCTION)
