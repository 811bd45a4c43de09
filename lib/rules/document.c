/*
 * document — checks a JSON tree against the shapes, and words what does not fit.
 *
 * Nodes stand in the order of the text, a parent before its children, so one pass over the array
 * that hands shapes down is all; nothing recurses. A member that nobody knows is refused, with the
 * known one that is near: at most two edits (Levenshtein, and swapped neighbours) away.
 *
 * Uses: base, text.
 */
#include "rules/rules_internal.h"

enum { NEAREST_BYTES = 48 };

/* ---- words that are near ------------------------------------------------------------------- */

csq__nearest csq__nearest_to(csq_str word)
{
    return (csq__nearest){word, {NULL, 0}, word.size < 4 ? 2 : 3};
}

/* The optimal string alignment distance of two short words. */
static uint32_t nearest_distance(csq_str a, csq_str b)
{
    uint32_t rows[3][NEAREST_BYTES + 1] = {{0}};
    for (uint32_t j = 0; j <= b.size; j++) {
        rows[1][j] = j;
    }
    for (size_t i = 1; i <= a.size; i++) {
        uint32_t *const current = rows[(i + 1) % 3];
        const uint32_t *const above = rows[i % 3];
        const uint32_t *const before = rows[(i + 2) % 3];
        current[0] = (uint32_t)i;
        for (size_t j = 1; j <= b.size; j++) {
            const bool is_same = a.data[i - 1] == b.data[j - 1];
            uint32_t least = above[j - 1] + (is_same ? 0 : 1);
            least = above[j] + 1 < least ? above[j] + 1 : least;
            least = current[j - 1] + 1 < least ? current[j - 1] + 1 : least;
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
                a.data[i - 2] == b.data[j - 1] && before[j - 2] + 1 < least) {
                least = before[j - 2] + 1;
            }
            current[j] = least;
        }
    }
    return rows[(a.size + 1) % 3][b.size];
}

void csq__nearest_offer(csq__nearest *nearest, csq_str name)
{
    const csq_str word = nearest->word;
    const uint64_t gap = word.size > name.size ? word.size - name.size : name.size - word.size;
    if (word.size > NEAREST_BYTES || name.size > NEAREST_BYTES || gap >= nearest->distance) {
        return;
    }
    const uint32_t distance = nearest_distance(word, name);
    if (distance < nearest->distance && distance < name.size) {
        nearest->distance = distance;
        nearest->name = name;
    }
}

/* ---- errors -------------------------------------------------------------------------------- */

csq_status csq__placed(const csq__document *document, uint32_t node, csq_status status,
                       csq_error *error)
{
    if (status != CSQ_OK && status != CSQ_ENOMEM) {
        csq__json_place(&document->json, node, error);
    }
    return status;
}

csq_status csq__placed_key(const csq__document *document, uint32_t node, csq_status status,
                           csq_error *error)
{
    if (status != CSQ_OK && status != CSQ_ENOMEM) {
        csq__json_place_key(&document->json, node, error);
    }
    return status;
}

csq_status csq__fail_value_as(const csq__document *document, uint32_t node, csq_status status,
                              const char *expected, csq_error *error)
{
    csq__json_fail_value(&document->json, node, expected, error);
    if (error != NULL) {
        error->code = status;
    }
    return status;
}

csq_status csq__fail_unknown(const csq__document *document, uint32_t node, bool is_key,
                             const char *what, const csq__nearest *nearest, csq_error *error)
{
    const bool is_near = nearest->name.size > 0;
    const csq_str such_as = is_near ? CSQ__STR(", such as \"") : CSQ__STR("");
    const csq_str end = is_near ? CSQ__STR("\"") : CSQ__STR("");
    csq__fail(error, CSQ_ENOTFOUND, CSQ__TEXT("expected the name of "), CSQ__VIEW(csq_str_of(what)),
              CSQ__VIEW(such_as), CSQ__VIEW(nearest->name), CSQ__VIEW(end), CSQ__TEXT(", found \""),
              CSQ__VIEW(nearest->word), CSQ__TEXT("\""));
    return is_key ? csq__placed_key(document, node, CSQ_ENOTFOUND, error)
                  : csq__placed(document, node, CSQ_ENOTFOUND, error);
}

/* As many as a shape can have: it counts them in 8 bits. Of more than are shown a message gives the
 * number, so that it has room for what was found. */
enum { CHOICE_NAMES = UINT8_MAX, CHOICE_NAMES_SHOWN = 20 };

/* Fills `error` with: expected "nearest" (or one of all names), found <tail>"word". */
static void shape_fail_word(const csq_str *names, uint32_t n, csq_str tail, csq_str word,
                            csq_error *error)
{
    csq__nearest nearest = csq__nearest_to(word);
    for (uint32_t i = 0; i < n; i++) {
        csq__nearest_offer(&nearest, names[i]);
    }
    if (nearest.name.size > 0) {
        names = &nearest.name;
        n = 1;
    }
    if (n > CHOICE_NAMES_SHOWN) {
        csq__fail(error, CSQ_ERULE, CSQ__TEXT("expected one of "), CSQ__NUMBER(n),
                  CSQ__TEXT(" names, found "), CSQ__VIEW(tail), CSQ__VIEW(word), CSQ__TEXT("\""));
        return;
    }
    csq__piece pieces[2 * CHOICE_NAMES_SHOWN + 6];
    size_t n_pieces = 0;
    const csq_str first = n > 1 ? CSQ__STR("expected one of \"") : CSQ__STR("expected \"");
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(first);
    for (uint32_t i = 0; i < n; i++) {
        const csq_str between = CSQ__STR("\", \"");
        if (i > 0) {
            pieces[n_pieces++] = (csq__piece)CSQ__VIEW(between);
        }
        pieces[n_pieces++] = (csq__piece)CSQ__VIEW(names[i]);
    }
    const csq_str found = CSQ__STR("\", found ");
    const csq_str quote = CSQ__STR("\"");
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(found);
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(tail);
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(word);
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(quote);
    csq__fail_pieces(error, CSQ_ERULE, pieces, n_pieces);
}

static csq_status shape_fail_choice(const csq__document *document, uint32_t node,
                                    const csq__shape *shape, csq_error *error)
{
    csq_str names[CHOICE_NAMES];
    for (uint32_t i = 0; i < shape->n_choices; i++) {
        names[i] = csq_str_of(shape->choices[i]);
    }
    shape_fail_word(names, shape->n_choices, CSQ__STR("the text \""),
                    csq__json_text(&document->json, node), error);
    return csq__placed(document, node, CSQ_ERULE, error);
}

static csq_status shape_fail_member(const csq__document *document, uint32_t node,
                                    const csq__shape *shape, csq_error *error)
{
    csq_str names[CHOICE_NAMES];
    for (uint32_t i = 0; i < shape->n_members; i++) {
        names[i] = csq_str_of(shape->members[i].name);
    }
    shape_fail_word(names, shape->n_members, CSQ__STR("the unknown member \""),
                    csq__json_key(&document->json, node), error);
    return csq__placed_key(document, node, CSQ_ERULE, error);
}

/* ---- checking ------------------------------------------------------------------------------ */

static const char *shape_expected(const csq__shape *shape)
{
    static const char *const by_form[] = {
        [CSQ__FORM_ALTERNATIVE] = "another kind of value",
        [CSQ__FORM_OBJECT] = "an object",
        [CSQ__FORM_LIST] = "a list",
        [CSQ__FORM_NAME] = "a text that is not empty",
        [CSQ__FORM_TEXT] = "a text",
        [CSQ__FORM_CHOICE] = "a text",
        [CSQ__FORM_BOOLEAN] = "true or false",
        [CSQ__FORM_NUMBER] = "a number",
        [CSQ__FORM_DURATION] = "a duration such as \"1h30m\"",
        [CSQ__FORM_CLOCK] = "a time of day such as \"09:30\"",
        [CSQ__FORM_HOURS] = "hours such as \"09:00-17:00\"",
        [CSQ__FORM_SCALAR] = "a name or a number",
    };
    return shape->expected != NULL ? shape->expected : by_form[shape->form];
}

static bool shape_takes(const csq__shape *shape, csq__json_kind kind)
{
    switch (shape->form) {
    case CSQ__FORM_OBJECT:
        return kind == CSQ__JSON_OBJECT;
    case CSQ__FORM_LIST:
        return kind == CSQ__JSON_ARRAY;
    case CSQ__FORM_BOOLEAN:
        return kind == CSQ__JSON_BOOLEAN;
    case CSQ__FORM_NUMBER:
        return kind == CSQ__JSON_NUMBER;
    case CSQ__FORM_SCALAR:
        return kind == CSQ__JSON_NUMBER || kind == CSQ__JSON_TEXT;
    default:
        return kind == CSQ__JSON_TEXT;
    }
}

/* What a value of this kind is; the alternative itself where none takes it. */
static uint8_t shape_choose(uint8_t shape, csq__json_kind kind)
{
    const csq__shape *const choice = csq__shape_of(shape);
    if (choice->form != CSQ__FORM_ALTERNATIVE) {
        return shape;
    }
    uint8_t chosen = 0;
    if (kind == CSQ__JSON_ARRAY) {
        chosen = choice->as_array;
    } else if (kind == CSQ__JSON_OBJECT) {
        chosen = choice->as_object;
    } else if (kind == CSQ__JSON_TEXT || kind == CSQ__JSON_NUMBER) {
        chosen = choice->as_scalar;
    }
    return chosen != 0 ? chosen : shape;
}

static uint8_t shape_of_member(const csq__shape *shape, csq_str key)
{
    for (uint32_t i = 0; i < shape->n_members; i++) {
        if (csq__str_equal(key, csq_str_of(shape->members[i].name))) {
            return shape->members[i].shape;
        }
    }
    return shape->each;
}

static csq_status shape_check_members(csq__document *document, uint32_t node,
                                      const csq__shape *shape, csq_error *error)
{
    const csq__json *json = &document->json;
    for (uint32_t at = csq__json_first(json, node); at != 0; at = csq__json_next(json, at)) {
        document->marks[at].shape = shape_of_member(shape, csq__json_key(json, at));
        if (document->marks[at].shape == CSQ__SHAPE_NONE) {
            return shape_fail_member(document, at, shape, error);
        }
    }
    for (uint32_t i = 0; i < shape->n_members; i++) {
        const csq__member_rule *rule = &shape->members[i];
        if (rule->is_required && csq__member_of(document, node, rule->name) == 0) {
            return csq__json_fail_missing(json, node, rule->name, error);
        }
    }
    if ((shape->flags & CSQ__SHAPE_NOT_EMPTY) != 0 && csq__json_count(json, node) == 0) {
        return csq__json_fail(json, node, error, CSQ_ERULE,
                              CSQ__TEXT("expected at least one test, found an empty object"));
    }
    return CSQ_OK;
}

static csq_status shape_check_elements(csq__document *document, uint32_t node,
                                       const csq__shape *shape, csq_error *error)
{
    const csq__json *json = &document->json;
    for (uint32_t at = csq__json_first(json, node); at != 0; at = csq__json_next(json, at)) {
        document->marks[at].shape = shape->each;
    }
    if ((shape->flags & CSQ__SHAPE_NOT_EMPTY) != 0 && csq__json_count(json, node) == 0) {
        return csq__json_fail(json, node, error, CSQ_ERULE,
                              CSQ__TEXT("expected at least one element, found an empty list"));
    }
    return CSQ_OK;
}

static csq_status shape_check_text(const csq__document *document, uint32_t node,
                                   const csq__shape *shape, csq_error *error)
{
    const csq_str text = csq__json_text(&document->json, node);
    const bool is_name = shape->form == CSQ__FORM_NAME || shape->form == CSQ__FORM_SCALAR;
    if (is_name && text.size == 0) {
        return csq__json_fail(&document->json, node, error, CSQ_ERULE,
                              CSQ__TEXT("expected a text that is not empty, found \"\""));
    }
    if (shape->form == CSQ__FORM_CHOICE && csq__choice_of(document, node) == shape->n_choices) {
        return shape_fail_choice(document, node, shape, error);
    }
    return CSQ_OK;
}

/* A number where a duration is wanted is shown with the units that it lacks. */
static csq_status shape_fail_kind(const csq__document *document, uint32_t node,
                                  const csq__shape *shape, csq_error *error)
{
    const csq__json *json = &document->json;
    if (shape->form != CSQ__FORM_DURATION || csq__json_kind_of(json, node) != CSQ__JSON_NUMBER) {
        return csq__json_fail_value(json, node, shape_expected(shape), error);
    }
    char digits[CSQ__DECIMAL_BYTES];
    const csq_str number = {digits, csq__decimal_format(csq__json_decimal(json, node), digits)};
    return csq__json_fail(json, node, error, CSQ_ERULE,
                          CSQ__TEXT("expected a duration with its unit, such as \""),
                          CSQ__VIEW(number), CSQ__TEXT("h\" or \""), CSQ__VIEW(number),
                          CSQ__TEXT("m\", found "), CSQ__VIEW(number));
}

/* The shape of a node is known when its turn comes; those of its children are then set. */
static csq_status shape_check_node(csq__document *document, uint32_t node, csq_error *error)
{
    const csq__json_kind kind = csq__json_kind_of(&document->json, node);
    csq__mark *mark = &document->marks[node];
    mark->shape = shape_choose(mark->shape, kind);
    const csq__shape *shape = csq__shape_of(mark->shape);
    if (shape->form == CSQ__FORM_ALTERNATIVE || !shape_takes(shape, kind)) {
        return shape_fail_kind(document, node, shape, error);
    }
    switch (kind) {
    case CSQ__JSON_OBJECT:
        return shape_check_members(document, node, shape, error);
    case CSQ__JSON_ARRAY:
        return shape_check_elements(document, node, shape, error);
    case CSQ__JSON_TEXT:
        return shape_check_text(document, node, shape, error);
    default:
        return CSQ_OK;
    }
}

csq_status csq__document_check(csq__document *document, csq_error *error)
{
    const size_t n = document->json.nodes.n;
    document->marks = csq__allocate_array(&document->allocator, n, sizeof(csq__mark));
    if (document->marks == NULL) {
        return csq__fail_memory(error);
    }
    document->n_marks = n;
    memset(document->marks, 0, n * sizeof(csq__mark));
    document->marks[CSQ__JSON_ROOT].shape = CSQ__SHAPE_DOCUMENT;
    csq_status status = CSQ_OK;
    for (uint32_t node = CSQ__JSON_ROOT; status == CSQ_OK && node < n; node++) {
        status = shape_check_node(document, node, error);
    }
    return status;
}

uint32_t csq__choice_of(const csq__document *document, uint32_t node)
{
    if (node == 0) {
        return 0;
    }
    const csq__shape *shape = csq__document_shape(document, node);
    const csq_str text = csq__json_text(&document->json, node);
    uint32_t i = 0;
    while (i < shape->n_choices && !csq__str_equal(text, csq_str_of(shape->choices[i]))) {
        i++;
    }
    return i;
}
