/*
 * table — text in aligned columns.
 */
#ifndef SERVICE_DESK_TABLE_H
#define SERVICE_DESK_TABLE_H

#include <stdint.h>
#include <stdio.h>

#include <csq/csq.h>

#include "text.h"

typedef struct table table;

/* `align` has a letter for each column: 'l' or 'r'. Headings are separated by '|'. */
table *table_new(const char *align, const char *headings);
void table_free(table *cells);

/* Adds the next cell; rows fill from left to right. */
void table_add(table *cells, const char *format, ...) TEXT_FORMAT(2, 3);
/* Writes a heading, a rule and the rows, each indented by two spaces. */
void table_print(const table *cells, FILE *out);

/* Columns that a text takes on a terminal. */
uint32_t table_width(csq_str text);

#endif
