// SPDX-License-Identifier: GPL-3.0-or-later
// What charts in archives need of libarchive. A function that is missing here is missing when a program is linked.
// clang-format off
#define TIPHYS_DEFERRED_LIBRARY archive
#define TIPHYS_DEFERRED_FILE TIPHYS_ARCHIVE_FILE
#define TIPHYS_DEFERRED_FUNCTIONS(F) \
    F(archive_entry_filetype) F(archive_entry_hardlink) F(archive_entry_pathname) F(archive_entry_size) \
    F(archive_entry_symlink) F(archive_error_string) F(archive_read_data_block) F(archive_read_free) \
    F(archive_read_new) F(archive_read_next_header) F(archive_read_open_memory) \
    F(archive_read_support_filter_gzip) F(archive_read_support_format_tar)
// clang-format on
#include "deferred/library.h"
