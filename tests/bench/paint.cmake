# SPDX-License-Identifier: GPL-3.0-or-later
if(TIPHYS_UI)
    add_bench(paint SOURCES paint_bench.cpp USES ui::ui app::compose app::composelocal engine::control)
endif()
