/*
 * table — text in aligned columns.
 *
 * Widths are counted in columns of a terminal, not in bytes: a Chinese character takes two, a
 * combining accent none. The ranges are the wide ones of Unicode's East Asian Width and the common
 * combining marks; `wcwidth` of the C library would depend on the locale. What is counted is what
 * is shown: cells are escaped when they are added.
 *
 * Uses: shown, text.
 */
#include "table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "shown.h"

enum { TABLE_COLUMN_LIMIT = 16, TABLE_CELL_LIMIT = 512, TABLE_GAP = 2 };

struct table {
    char align[TABLE_COLUMN_LIMIT + 1];
    uint32_t n_columns;
    uint32_t n_cells; /* the headings are the first row */
    uint32_t capacity;
    char **cells;
};

typedef struct code_range {
    uint32_t first;
    uint32_t last;
} code_range;

static const code_range wide_ranges[] = {{0x1100, 0x115F},
                                         {0x2E80, 0x303E},
                                         {0x3041, 0x33FF},
                                         {0x3400, 0x4DBF},
                                         {0x4E00, 0x9FFF},
                                         {0xA000, 0xA4CF},
                                         {0xA960, 0xA97F},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60},
                                         {0xFFE0, 0xFFE6},
                                         {0x1F300, 0x1F64F},
                                         {0x1F680, 0x1F6FF},
                                         {0x1F900, 0x1F9FF},
                                         {0x20000, 0x3FFFD},
                                         {0, 0}};

static const code_range empty_ranges[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F}, {0x200B, 0x200F},
    {0x20D0, 0x20FF}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0, 0}};

/* The ranges end with one that begins at 0. */
static bool is_in_ranges(uint32_t code, const code_range *ranges)
{
    for (; ranges->first != 0; ++ranges) {
        if (code >= ranges->first && code <= ranges->last) {
            return true;
        }
    }
    return false;
}

uint32_t table_width(csq_str text)
{
    uint32_t width = 0;
    for (uint64_t at = 0; at < text.size;) {
        const uint32_t code = shown_next_code(text, &at);
        if (is_in_ranges(code, wide_ranges)) {
            width += 2;
        } else if (!is_in_ranges(code, empty_ranges)) {
            width += 1;
        }
    }
    return width;
}

static void table_append(table *cells, csq_str text)
{
    if (cells->n_cells == cells->capacity) {
        cells->capacity = cells->capacity != 0 ? 2 * cells->capacity : 64;
        cells->cells = text_grow(cells->cells, cells->capacity * sizeof *cells->cells);
    }
    cells->cells[cells->n_cells++] = text_copy(text);
}

table *table_new(const char *align, const char *headings)
{
    table *cells = text_grow(NULL, sizeof *cells);
    *cells = (table){.n_columns = (uint32_t)strlen(align)};
    memcpy(cells->align, align, cells->n_columns);
    for (uint32_t i = 0; i < cells->n_columns; ++i) {
        const size_t size = strcspn(headings, "|");
        table_append(cells, (csq_str){headings, size});
        headings += size + (headings[size] == '|');
    }
    return cells;
}

void table_free(table *cells)
{
    for (uint32_t i = 0; i < cells->n_cells; ++i) {
        free(cells->cells[i]);
    }
    free(cells->cells);
    free(cells);
}

void table_add(table *cells, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = text_format(format, arguments);
    va_end(arguments);
    table_append(cells, shown_cut(csq_str_of(text), TABLE_CELL_LIMIT));
    free(text);
}

static void print_padding(FILE *out, uint32_t n, char fill)
{
    for (uint32_t i = 0; i < n; ++i) {
        fputc(fill, out);
    }
}

static void print_row(const table *cells, uint32_t first, const uint32_t *widths, FILE *out)
{
    char *const *row = cells->cells + first;
    uint32_t n =
        cells->n_columns < cells->n_cells - first ? cells->n_columns : cells->n_cells - first;
    while (n > 0 && row[n - 1][0] == '\0') { /* no blanks at the end of a line */
        --n;
    }
    for (uint32_t i = 0; i < n; ++i) {
        const uint32_t padding = widths[i] - table_width(csq_str_of(row[i]));
        const bool is_right = cells->align[i] == 'r';
        print_padding(out, TABLE_GAP + (is_right ? padding : 0), ' ');
        fputs(row[i], out);
        print_padding(out, is_right || i + 1 == n ? 0 : padding, ' ');
    }
    fputc('\n', out);
}

void table_print(const table *cells, FILE *out)
{
    uint32_t widths[TABLE_COLUMN_LIMIT] = {0};
    for (uint32_t i = 0; i < cells->n_cells; ++i) {
        const uint32_t width = table_width(csq_str_of(cells->cells[i]));
        uint32_t *widest = &widths[i % cells->n_columns];
        *widest = width > *widest ? width : *widest;
    }
    print_row(cells, 0, widths, out);
    for (uint32_t i = 0; i < cells->n_columns; ++i) {
        print_padding(out, TABLE_GAP, ' ');
        print_padding(out, widths[i], '-');
    }
    fputc('\n', out);
    for (uint32_t row = cells->n_columns; row < cells->n_cells; row += cells->n_columns) {
        print_row(cells, row, widths, out);
    }
}
