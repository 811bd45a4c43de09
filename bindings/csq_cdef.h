/*
 * csq_cdef — the declarations of libcsq for foreign function interfaces.
 *
 * Generated from include/csq/ by tests/update_generated.sh.
 */
typedef enum csq_status {
    CSQ_OK = 0,
    CSQ_ENOMEM = -1,
    CSQ_EINVAL = -2,
    CSQ_EABI = -3,
    CSQ_EABI_NEWER = -4,
    CSQ_ERANGE = -5,
    CSQ_EOVERFLOW = -6,
    CSQ_ENODATA = -7,
    CSQ_ENOTFOUND = -8,
    CSQ_EEXISTS = -9,
    CSQ_ECONFLICT = -10,
    CSQ_ECANCELLED = -11,
    CSQ_ESTATE = -12,
    CSQ_ELIMIT = -13,
    CSQ_EMISMATCH = -14,
    CSQ_ECORRUPT = -20,
    CSQ_EVERSION = -21,
    CSQ_EUTF8 = -22,
    CSQ_EJSON = -23,
    CSQ_EDUPLICATE = -24,
    CSQ_EDEPTH = -25,
    CSQ_ENUMBER = -26,
    CSQ_ERULE = -27,
    CSQ_ETZIF = -30,
    CSQ_EPOSIXTZ = -31,
    CSQ_ELEAP = -32,
    CSQ_EZONE = -33,
    CSQ_EDATE = -34,
    CSQ_EINTERVAL = -40,
    CSQ_ENEVER = -41,
    CSQ_EEVENT = -50,
    CSQ_EORDER = -51,
    CSQ_EMERGED = -52,
    CSQ_ECODE = -53,
    CSQ_ETARGET = -60
} csq_status;
enum {
    CSQ_VERSION_MAJOR = 0,
    CSQ_VERSION_MINOR = 1,
    CSQ_VERSION_PATCH = 0,
    CSQ_ABI_NUMBER = 0
};
const char *csq_version(void);
uint32_t csq_abi_number(void);
const char *csq_status_name(int32_t status);
const char *csq_status_text(int32_t status);
typedef struct csq_error {
    int32_t code;
    int32_t field;
    int64_t index;
    int64_t byte;
    int32_t line;
    int32_t column;
    char path[192];
    char message[256];
} csq_error;
typedef struct csq_allocator {
    void *(*reallocate)(void *user, void *block, size_t old_size, size_t new_size);
    void *user;
} csq_allocator;
typedef struct csq_str {
    const char *data;
    uint64_t size;
} csq_str;
csq_str csq_str_of(const char *text);
typedef int64_t csq_ms;
csq_ms csq_ms_none(void);
typedef struct csq_interval {
    csq_ms from;
    csq_ms to;
} csq_interval;
typedef int (*csq_progress)(void *user, uint64_t done, uint64_t total);
typedef struct csq_vocabulary csq_vocabulary;
enum {
    CSQ_CODE_NONE = 0
};
csq_status csq_vocabulary_new(uint64_t seed, const csq_allocator *allocator, csq_vocabulary **out,
    csq_error *error);
void csq_vocabulary_free(csq_vocabulary *vocabulary);
csq_status csq_vocabulary_add(csq_vocabulary *vocabulary, csq_str name, uint32_t *code,
    csq_error *error);
uint32_t csq_vocabulary_find(const csq_vocabulary *vocabulary, csq_str name);
csq_str csq_vocabulary_name(const csq_vocabulary *vocabulary, uint32_t code);
uint32_t csq_vocabulary_count(const csq_vocabulary *vocabulary);
typedef struct csq_zone csq_zone;
enum {
    CSQ_ZONE_NAME_LIMIT = 255,
    CSQ_ZONE_OFFSET_LIMIT_S = 93599,
    CSQ_ZONE_TRANSITION_LIMIT = 100000,
    CSQ_ZONE_ABBREVIATION_LIMIT = 15
};
csq_status csq_zone_new_tzif(csq_str name, const void *bytes, uint64_t size,
    const csq_allocator *allocator, csq_zone **out, csq_error *error);
csq_status csq_zone_new_posix(csq_str text, const csq_allocator *allocator, csq_zone **out,
    csq_error *error);
csq_status csq_zone_new_fixed(int32_t offset_s, const csq_allocator *allocator, csq_zone **out,
    csq_error *error);
csq_zone *csq_zone_retain(csq_zone *zone);
void csq_zone_free(csq_zone *zone);
csq_str csq_zone_name(const csq_zone *zone);
typedef struct csq_local {
    uint32_t size;
    int32_t year;
    int32_t month;
    int32_t day;
    int32_t hour;
    int32_t minute;
    int32_t second;
    int32_t millisecond;
    int32_t weekday;
    int32_t day_of_year;
    int32_t offset_s;
    int32_t is_daylight;
    char abbreviation[16];
} csq_local;
csq_status csq_zone_local(const csq_zone *zone, csq_ms at, csq_local *out, csq_error *error);
typedef enum csq_local_kind {
    CSQ_LOCAL_UNIQUE = 1,
    CSQ_LOCAL_SKIPPED = 2,
    CSQ_LOCAL_REPEATED = 3
} csq_local_kind;
typedef struct csq_resolution {
    uint32_t size;
    uint32_t kind;
    csq_ms first;
    csq_ms earlier;
    csq_ms later;
    int32_t offset_before_s;
    int32_t offset_after_s;
} csq_resolution;
csq_status csq_zone_resolve(const csq_zone *zone, csq_ms local, csq_resolution *out,
    csq_error *error);
enum {
    CSQ_DAYS_FIRST = -4371587,
    CSQ_DAYS_LAST = 2932896
};
typedef struct csq_date {
    uint32_t size;
    int32_t year;
    int32_t month;
    int32_t day;
    int32_t weekday;
    int32_t day_of_year;
    int32_t iso_year;
    int32_t iso_week;
} csq_date;
csq_status csq_date_to_days(int32_t year, int32_t month, int32_t day, int32_t *days,
    csq_error *error);
csq_status csq_date_of_days(int32_t days, csq_date *out, csq_error *error);
int32_t csq_date_weekday(int32_t days);
enum {
    CSQ_DATE_TEXT = 11,
    CSQ_CLOCK_TEXT = 13,
    CSQ_INSTANT_TEXT = 30
};
csq_status csq_date_parse(csq_str text, int32_t *days, csq_error *error);
csq_status csq_clock_parse(csq_str text, csq_ms limit, csq_ms *out, csq_error *error);
csq_status csq_instant_parse(csq_str text, csq_ms *out, csq_error *error);
csq_status csq_date_format(int32_t days, char *text, uint64_t capacity, csq_error *error);
csq_status csq_clock_format(csq_ms clock, char *text, uint64_t capacity, csq_error *error);
csq_status csq_instant_format(csq_ms at, const csq_zone *zone, char *text, uint64_t capacity,
    csq_error *error);
typedef enum csq_period_kind {
    CSQ_PERIOD_NONE = 0,
    CSQ_PERIOD_MINUTES = 1,
    CSQ_PERIOD_HOUR = 2,
    CSQ_PERIOD_DAY = 3,
    CSQ_PERIOD_WEEK = 4,
    CSQ_PERIOD_MONTH = 5,
    CSQ_PERIOD_QUARTER = 6,
    CSQ_PERIOD_HALF_YEAR = 7,
    CSQ_PERIOD_YEAR = 8
} csq_period_kind;
typedef struct csq_period_options {
    uint32_t size;
    uint32_t kind;
    uint32_t minutes;
    uint32_t first_weekday;
} csq_period_options;
typedef struct csq_period {
    uint32_t size;
    uint32_t kind;
    csq_ms from;
    csq_ms to;
    int64_t index;
    char label[32];
} csq_period;
csq_status csq_period_at(const csq_zone *zone, const csq_period_options *options, csq_ms at,
    csq_period *out, csq_error *error);
typedef enum csq_column_type {
    CSQ_COLUMN_INT8 = 1,
    CSQ_COLUMN_INT16 = 2,
    CSQ_COLUMN_INT32 = 3,
    CSQ_COLUMN_INT64 = 4,
    CSQ_COLUMN_UINT8 = 5,
    CSQ_COLUMN_UINT16 = 6,
    CSQ_COLUMN_UINT32 = 7,
    CSQ_COLUMN_UINT64 = 8,
    CSQ_COLUMN_DOUBLE = 9
} csq_column_type;
typedef struct csq_column {
    const void *data;
    const uint8_t *validity;
    const uint32_t *dictionary;
    uint64_t length;
    uint64_t validity_offset;
    uint64_t dictionary_length;
    int64_t stride;
    uint32_t type;
    uint32_t reserved;
} csq_column;
csq_column csq_column_of(uint32_t type, const void *data, uint64_t length);
typedef struct csq_calendar csq_calendar;
typedef struct csq_calendar_builder csq_calendar_builder;
typedef enum csq_night {
    CSQ_NIGHT_DEFAULT = 0,
    CSQ_NIGHT_BY_OWNER_DATE = 1,
    CSQ_NIGHT_BY_CALENDAR_DATE = 2
} csq_night;
enum {
    CSQ_CALENDAR_WEEK_LIMIT = 256
};
typedef struct csq_calendar_options {
    uint32_t size;
    uint32_t night;
    int32_t first_year;
    int32_t last_year;
    uint64_t entry_limit;
    uint64_t interval_limit;
} csq_calendar_options;
csq_status csq_calendar_builder_new(csq_zone *zone, const csq_calendar_options *options,
    const csq_allocator *allocator, csq_calendar_builder **out, csq_error *error);
void csq_calendar_builder_free(csq_calendar_builder *builder);
csq_status csq_calendar_builder_name(csq_calendar_builder *builder, csq_str name, csq_error *error);
csq_status csq_calendar_builder_week(csq_calendar_builder *builder, uint32_t weekday, csq_ms start,
    csq_ms end, csq_error *error);
csq_status csq_calendar_builder_holiday(csq_calendar_builder *builder, int32_t days, csq_str name,
    csq_ms start, csq_ms end, csq_error *error);
csq_status csq_calendar_builder_override(csq_calendar_builder *builder, int32_t days, csq_str name,
    csq_ms start, csq_ms end, csq_error *error);
csq_status csq_calendar_builder_close(csq_calendar_builder *builder, int32_t days, csq_str name,
    csq_error *error);
csq_status csq_calendar_builder_break(csq_calendar_builder *builder, int32_t days, csq_str name,
    csq_ms start, csq_ms end, csq_error *error);
csq_status csq_calendar_builder_version(csq_calendar_builder *builder, csq_ms valid_from,
    csq_error *error);
csq_status csq_calendar_builder_build(const csq_calendar_builder *builder, csq_calendar **out,
    csq_error *error);
csq_status csq_calendar_new_always(csq_str name, const csq_allocator *allocator, csq_calendar **out,
    csq_error *error);
csq_status csq_calendar_new_never(csq_str name, const csq_allocator *allocator, csq_calendar **out,
    csq_error *error);
enum {
    CSQ_CALENDAR_MERGE_LIMIT = 256
};
csq_status csq_calendar_union(const csq_calendar *const *calendars, uint64_t n,
    const csq_allocator *allocator, csq_calendar **out, csq_error *error);
csq_status csq_calendar_intersection(const csq_calendar *const *calendars, uint64_t n,
    const csq_allocator *allocator, csq_calendar **out, csq_error *error);
csq_calendar *csq_calendar_retain(csq_calendar *calendar);
void csq_calendar_free(csq_calendar *calendar);
csq_str csq_calendar_name(const csq_calendar *calendar);
const csq_zone *csq_calendar_zone(const csq_calendar *calendar);
uint64_t csq_calendar_fingerprint(const csq_calendar *calendar);
int32_t csq_calendar_is_never(const csq_calendar *calendar);
csq_status csq_calendar_range(const csq_calendar *calendar, csq_interval *out, csq_error *error);
csq_status csq_calendar_measure(const csq_calendar *calendar, csq_ms from, csq_ms to, csq_ms *out,
    csq_error *error);
typedef enum csq_edge {
    CSQ_EDGE_NEAR = 0,
    CSQ_EDGE_FAR = 1
} csq_edge;
csq_status csq_calendar_add(const csq_calendar *calendar, csq_ms at, csq_ms duration, uint32_t edge,
    csq_ms *out, csq_error *error);
csq_status csq_calendar_subtract(const csq_calendar *calendar, csq_ms at, csq_ms duration,
    uint32_t edge, csq_ms *out, csq_error *error);
csq_status csq_calendar_is_open(const csq_calendar *calendar, csq_ms at, int32_t *out,
    csq_error *error);
csq_status csq_calendar_next_open(const csq_calendar *calendar, csq_ms at, csq_ms *out,
    csq_error *error);
csq_status csq_calendar_previous_open(const csq_calendar *calendar, csq_ms at, csq_ms *out,
    csq_error *error);
csq_status csq_calendar_next_close(const csq_calendar *calendar, csq_ms at, csq_ms *out,
    csq_error *error);
csq_status csq_calendar_previous_close(const csq_calendar *calendar, csq_ms at, csq_ms *out,
    csq_error *error);
typedef enum csq_workday_mode {
    CSQ_WORKDAY_KEEP_TIME = 0,
    CSQ_WORKDAY_END_OF_DAY = 1
} csq_workday_mode;
csq_status csq_calendar_add_workdays(const csq_calendar *calendar, csq_ms at, int64_t n,
    uint32_t mode, csq_ms *out, csq_error *error);
typedef struct csq_calendar_batch {
    uint32_t size;
    uint32_t edge;
    csq_progress progress;
    void *user;
    const csq_allocator *allocator;
} csq_calendar_batch;
csq_status csq_calendar_measure_many(const csq_calendar *calendar, const csq_column *from,
    const csq_column *to, const csq_calendar_batch *batch, csq_ms *out, uint64_t *n_failed,
    csq_error *error);
csq_status csq_calendar_add_many(const csq_calendar *calendar, const csq_column *at,
    const csq_column *duration, const csq_calendar_batch *batch, csq_ms *out, uint64_t *n_failed,
    csq_error *error);
csq_status csq_calendar_is_open_many(const csq_calendar *calendar, const csq_column *at,
    const csq_calendar_batch *batch, int8_t *out, uint64_t *n_failed, csq_error *error);
typedef enum csq_calendar_reason {
    CSQ_REASON_OPEN = 1,
    CSQ_REASON_CLOSED = 2,
    CSQ_REASON_HOLIDAY = 3,
    CSQ_REASON_OVERRIDE = 4,
    CSQ_REASON_BREAK = 5
} csq_calendar_reason;
typedef struct csq_calendar_stretch {
    uint32_t size;
    uint32_t reason;
    csq_ms from;
    csq_ms to;
    csq_str name;
    uint32_t version;
    uint32_t reserved;
} csq_calendar_stretch;
typedef struct csq_calendar_explanation csq_calendar_explanation;
csq_status csq_calendar_explain(csq_calendar *calendar, csq_ms from, csq_ms to, uint64_t limit,
    const csq_allocator *allocator, csq_calendar_explanation **out, csq_error *error);
void csq_calendar_explanation_free(csq_calendar_explanation *explanation);
uint64_t csq_calendar_explanation_count(const csq_calendar_explanation *explanation);
csq_status csq_calendar_explanation_at(const csq_calendar_explanation *explanation, uint64_t index,
    csq_calendar_stretch *out, csq_error *error);
typedef struct csq_quantiles csq_quantiles;
enum {
    CSQ_QUANTILES_EXACT_DEFAULT = 2048,
    CSQ_QUANTILES_EXACT_LIMIT = 1048576,
    CSQ_QUANTILES_WHOLE = 1000000
};
typedef struct csq_quantiles_options {
    uint32_t size;
    uint32_t exact_limit;
} csq_quantiles_options;
csq_status csq_quantiles_new(const csq_quantiles_options *options, const csq_allocator *allocator,
    csq_quantiles **out, csq_error *error);
void csq_quantiles_free(csq_quantiles *quantiles);
csq_status csq_quantiles_copy(const csq_quantiles *quantiles, csq_quantiles **out,
    csq_error *error);
void csq_quantiles_reset(csq_quantiles *quantiles);
csq_status csq_quantiles_add(csq_quantiles *quantiles, int64_t value, csq_error *error);
csq_status csq_quantiles_add_column(csq_quantiles *quantiles, const csq_column *column,
    uint64_t *n_missing, csq_progress progress, void *user, csq_error *error);
csq_status csq_quantiles_merge(csq_quantiles *quantiles, const csq_quantiles *other,
    csq_error *error);
csq_status csq_quantiles_subtract(csq_quantiles *quantiles, const csq_quantiles *other,
    csq_error *error);
csq_status csq_quantiles_encode(const csq_quantiles *quantiles, void *bytes, uint64_t *size,
    csq_error *error);
csq_status csq_quantiles_decode(const void *bytes, uint64_t size, const csq_allocator *allocator,
    csq_quantiles **out, csq_error *error);
uint64_t csq_quantiles_count(const csq_quantiles *quantiles);
uint32_t csq_quantiles_exact_limit(const csq_quantiles *quantiles);
typedef enum csq_quantile_definition {
    CSQ_QUANTILE_DEFAULT = 0,
    CSQ_QUANTILE_NEAREST_RANK = 1,
    CSQ_QUANTILE_AVERAGED = 2,
    CSQ_QUANTILE_EXCLUSIVE = 3,
    CSQ_QUANTILE_INCLUSIVE = 4
} csq_quantile_definition;
typedef struct csq_quantile {
    uint32_t size;
    uint32_t is_exact;
    uint64_t count;
    int64_t value;
    int64_t low;
    int64_t high;
} csq_quantile;
csq_status csq_quantiles_at(const csq_quantiles *quantiles, uint32_t part, uint32_t definition,
    csq_quantile *out, csq_error *error);
typedef struct csq_schema csq_schema;
typedef enum csq_attribute_kind {
    CSQ_ATTRIBUTE_CATEGORY = 1,
    CSQ_ATTRIBUTE_SET = 2,
    CSQ_ATTRIBUTE_INTEGER = 3,
    CSQ_ATTRIBUTE_INSTANT = 4
} csq_attribute_kind;
csq_status csq_schema_new(uint64_t seed, const csq_allocator *allocator, csq_schema **out,
    csq_error *error);
csq_schema *csq_schema_retain(csq_schema *schema);
void csq_schema_free(csq_schema *schema);
csq_status csq_schema_add(csq_schema *schema, csq_str name, uint32_t kind, uint32_t *attribute,
    csq_error *error);
uint32_t csq_schema_find(const csq_schema *schema, csq_str name);
csq_str csq_schema_name(const csq_schema *schema, uint32_t attribute);
uint32_t csq_schema_kind(const csq_schema *schema, uint32_t attribute);
uint32_t csq_schema_count(const csq_schema *schema);
csq_status csq_schema_code(csq_schema *schema, uint32_t attribute, csq_str name, uint32_t *code,
    csq_error *error);
const csq_vocabulary *csq_schema_vocabulary(const csq_schema *schema, uint32_t attribute);
typedef enum csq_test_op {
    CSQ_TEST_IN = 1,
    CSQ_TEST_RANGE = 2,
    CSQ_TEST_HAS = 3,
    CSQ_TEST_CHANGED = 4,
    CSQ_TEST_CHANGED_TO = 5,
    CSQ_TEST_CHANGED_FROM = 6,
    CSQ_TEST_ABSENT = 7
} csq_test_op;
enum {
    CSQ_TEST_NOW = 0,
    CSQ_TEST_PREVIOUS = 1
};
typedef struct csq_test {
    uint32_t size;
    uint32_t attribute;
    uint32_t op;
    uint32_t previous;
    const int64_t *values;
    uint64_t n_values;
    int64_t low;
    int64_t high;
} csq_test;
typedef struct csq_condition csq_condition;
typedef struct csq_condition_builder csq_condition_builder;
enum {
    CSQ_CONDITION_DEPTH = 64,
    CSQ_CONDITION_LENGTH = 4096
};
csq_status csq_condition_builder_new(csq_schema *schema, const csq_allocator *allocator,
    csq_condition_builder **out, csq_error *error);
void csq_condition_builder_free(csq_condition_builder *builder);
csq_status csq_condition_push_test(csq_condition_builder *builder, const csq_test *test,
    csq_error *error);
csq_status csq_condition_push_all(csq_condition_builder *builder, uint32_t n, csq_error *error);
csq_status csq_condition_push_any(csq_condition_builder *builder, uint32_t n, csq_error *error);
csq_status csq_condition_push_not(csq_condition_builder *builder, csq_error *error);
csq_status csq_condition_push_condition(csq_condition_builder *builder,
    const csq_condition *condition, csq_error *error);
csq_status csq_condition_build(csq_condition_builder *builder, csq_condition **out,
    csq_error *error);
csq_condition *csq_condition_retain(csq_condition *condition);
void csq_condition_free(csq_condition *condition);
typedef struct csq_attribute_value {
    uint32_t size;
    uint32_t attribute;
    int64_t value;
    int64_t previous;
    const uint32_t *codes;
    const uint32_t *previous_codes;
    uint64_t n_codes;
    uint64_t n_previous_codes;
} csq_attribute_value;
csq_status csq_condition_test(const csq_condition *condition, const csq_attribute_value *values,
    uint64_t n_values, uint64_t stride, int32_t *holds, csq_error *error);
csq_status csq_condition_first_failure(const csq_condition *condition,
    const csq_attribute_value *values, uint64_t n_values, uint64_t stride, uint32_t *attribute,
    csq_error *error);
typedef enum csq_ticket_attribute {
    CSQ_TICKET_EVENT = 1,
    CSQ_TICKET_AUTHOR = 2,
    CSQ_TICKET_VISIBILITY = 3,
    CSQ_TICKET_STATUS = 4,
    CSQ_TICKET_PRIORITY = 5,
    CSQ_TICKET_GROUP = 6,
    CSQ_TICKET_ASSIGNEE = 7,
    CSQ_TICKET_KIND = 8,
    CSQ_TICKET_CHANNEL = 9,
    CSQ_TICKET_CALENDAR = 10,
    CSQ_TICKET_POLICY = 11,
    CSQ_TICKET_LEVEL = 12,
    CSQ_TICKET_PROMISE = 13,
    CSQ_TICKET_TAGS = 14,
    CSQ_TICKET_METRIC = 15,
    CSQ_TICKET_REASON = 16
} csq_ticket_attribute;
csq_status csq_ticket_schema_new(uint64_t seed, const csq_allocator *allocator, csq_schema **out,
    csq_error *error);
typedef enum csq_ticket_event_kind {
    CSQ_EVENT_CREATED = 1,
    CSQ_EVENT_REPLY = 2,
    CSQ_EVENT_CHANGE = 3,
    CSQ_EVENT_ADD = 4,
    CSQ_EVENT_REMOVE = 5,
    CSQ_EVENT_ATTACH = 6,
    CSQ_EVENT_EDIT = 7,
    CSQ_EVENT_PROMISE = 8,
    CSQ_EVENT_ESCALATE = 9,
    CSQ_EVENT_REOPEN = 10,
    CSQ_EVENT_MERGE = 11,
    CSQ_EVENT_SPLIT = 12,
    CSQ_EVENT_INHERIT = 13
} csq_ticket_event_kind;
typedef enum csq_ticket_author_code {
    CSQ_AUTHOR_CUSTOMER = 1,
    CSQ_AUTHOR_AGENT = 2,
    CSQ_AUTHOR_BOT = 3
} csq_ticket_author_code;
typedef enum csq_ticket_visibility_code {
    CSQ_VISIBILITY_PUBLIC = 1,
    CSQ_VISIBILITY_PRIVATE = 2
} csq_ticket_visibility_code;
typedef struct csq_ticket_event {
    uint32_t size;
    uint32_t kind;
    csq_ms at;
    uint64_t sequence;
    uint32_t author;
    uint32_t visibility;
    uint32_t attribute;
    uint32_t subject;
    int64_t value;
    uint32_t joined;
    uint32_t reserved;
} csq_ticket_event;
csq_status csq_ticket_event_check(const csq_schema *schema, const csq_ticket_event *event,
    csq_error *error);
typedef struct csq_ticket csq_ticket;
enum {
    CSQ_TICKET_EVENT_LIMIT = 1000000
};
csq_status csq_ticket_new(csq_schema *schema, uint64_t id, const csq_allocator *allocator,
    csq_ticket **out, csq_error *error);
void csq_ticket_free(csq_ticket *ticket);
csq_status csq_ticket_apply(csq_ticket *ticket, const csq_ticket_event *event, csq_error *error);
uint64_t csq_ticket_id(const csq_ticket *ticket);
uint64_t csq_ticket_count(const csq_ticket *ticket);
uint64_t csq_ticket_memory(const csq_ticket *ticket);
csq_status csq_ticket_event_at(const csq_ticket *ticket, uint64_t index, csq_ticket_event *out,
    csq_error *error);
csq_status csq_ticket_copy(const csq_ticket *ticket, csq_ticket **out, csq_error *error);
csq_status csq_ticket_encode(const csq_ticket *ticket, void *bytes, uint64_t *size,
    csq_error *error);
csq_status csq_ticket_decode(csq_schema *schema, const void *bytes, uint64_t size,
    const csq_allocator *allocator, csq_ticket **out, csq_error *error);
typedef struct csq_event_type {
    uint32_t size;
    uint32_t kind;
    uint32_t author;
    uint32_t visibility;
    uint32_t attribute;
    uint32_t subject;
    uint32_t joined;
    uint32_t reserved;
    const uint32_t *codes;
    uint64_t n_codes;
} csq_event_type;
typedef struct csq_event_columns {
    uint32_t size;
    uint32_t reserved;
    csq_column ticket;
    csq_column at;
    csq_column type;
    csq_column value;
    csq_column sequence;
    const csq_event_type *types;
    uint64_t n_types;
    uint64_t type_stride;
    int64_t tick_ms;
} csq_event_columns;
csq_status csq_event_columns_check(const csq_schema *schema, const csq_event_columns *columns,
    uint8_t *bad, uint64_t *n_bad, csq_error *error);
typedef enum csq_metric_kind {
    CSQ_METRIC_CLOCK = 1,
    CSQ_METRIC_FIRST_REPLY = 2,
    CSQ_METRIC_RESOLUTION = 3,
    CSQ_METRIC_NEXT_REPLY = 4,
    CSQ_METRIC_PERIODIC_UPDATE = 5,
    CSQ_METRIC_PAUSABLE_UPDATE = 6,
    CSQ_METRIC_OWNERSHIP = 7,
    CSQ_METRIC_REQUESTER_WAIT = 8,
    CSQ_METRIC_AGENT_WORK = 9,
    CSQ_METRIC_FIRST_RESOLUTION = 10,
    CSQ_METRIC_TOTAL_RESOLUTION = 11,
    CSQ_METRIC_ACKNOWLEDGE = 12,
    CSQ_METRIC_ASSIGN = 13,
    CSQ_METRIC_PROMISE = 14
} csq_metric_kind;
typedef enum csq_reopen {
    CSQ_REOPEN_DEFAULT = 0,
    CSQ_REOPEN_RESUME = 1,
    CSQ_REOPEN_RESUME_COUNTING = 2,
    CSQ_REOPEN_NEW_CYCLE = 3,
    CSQ_REOPEN_NOTHING = 4
} csq_reopen;
typedef enum csq_on_change {
    CSQ_ON_CHANGE_DEFAULT = 0,
    CSQ_ON_CHANGE_KEEP = 1,
    CSQ_ON_CHANGE_RETROACTIVE = 2,
    CSQ_ON_CHANGE_CARRY = 3,
    CSQ_ON_CHANGE_RESTART = 4
} csq_on_change;
typedef enum csq_retroactive_pause {
    CSQ_RETROACTIVE_PAUSE_DEFAULT = 0,
    CSQ_RETROACTIVE_PAUSE_KEPT = 1,
    CSQ_RETROACTIVE_PAUSE_COUNTED = 2
} csq_retroactive_pause;
typedef enum csq_calendar_switch {
    CSQ_CALENDAR_SWITCH_DEFAULT = 0,
    CSQ_CALENDAR_SWITCH_SEGMENTED = 1,
    CSQ_CALENDAR_SWITCH_LATEST = 2,
    CSQ_CALENDAR_SWITCH_FIRST = 3
} csq_calendar_switch;
typedef enum csq_edit_scope {
    CSQ_EDIT_SCOPE_DEFAULT = 0,
    CSQ_EDIT_SCOPE_OPEN = 1,
    CSQ_EDIT_SCOPE_ALL = 2
} csq_edit_scope;
typedef enum csq_version_at {
    CSQ_VERSION_AT_DEFAULT = 0,
    CSQ_VERSION_AT_EVENT = 1,
    CSQ_VERSION_AT_CYCLE = 2,
    CSQ_VERSION_AT_CREATED = 3
} csq_version_at;
typedef enum csq_late_steps {
    CSQ_LATE_STEPS_DEFAULT = 0,
    CSQ_LATE_STEPS_ALL = 1,
    CSQ_LATE_STEPS_LAST = 2,
    CSQ_LATE_STEPS_NONE = 3
} csq_late_steps;
typedef enum csq_passed_steps {
    CSQ_PASSED_STEPS_DEFAULT = 0,
    CSQ_PASSED_STEPS_REARM = 1,
    CSQ_PASSED_STEPS_STAY = 2,
    CSQ_PASSED_STEPS_SUPERSEDED = 3
} csq_passed_steps;
typedef enum csq_on_solved {
    CSQ_ON_SOLVED_DEFAULT = 0,
    CSQ_ON_SOLVED_KEEP = 1,
    CSQ_ON_SOLVED_COMPLETE = 2,
    CSQ_ON_SOLVED_CANCEL = 3
} csq_on_solved;
typedef enum csq_start {
    CSQ_START_DEFAULT = 0,
    CSQ_START_CREATED = 1,
    CSQ_START_FIRST_MESSAGE = 2
} csq_start;
typedef enum csq_message_base {
    CSQ_MESSAGE_BASE_DEFAULT = 0,
    CSQ_MESSAGE_BASE_OLDEST = 1,
    CSQ_MESSAGE_BASE_LAST = 2,
    CSQ_MESSAGE_BASE_EACH = 3
} csq_message_base;
typedef enum csq_attach {
    CSQ_ATTACH_DEFAULT = 0,
    CSQ_ATTACH_MATCH = 1,
    CSQ_ATTACH_FROM = 2,
    CSQ_ATTACH_RETROACTIVE = 3
} csq_attach;
typedef enum csq_due_edge {
    CSQ_DUE_EDGE_DEFAULT = 0,
    CSQ_DUE_EDGE_EARLIEST = 1,
    CSQ_DUE_EDGE_NEXT_OPEN = 2
} csq_due_edge;
typedef enum csq_breach_compare {
    CSQ_BREACH_COMPARE_DEFAULT = 0,
    CSQ_BREACH_COMPARE_ELAPSED = 1,
    CSQ_BREACH_COMPARE_INSTANT = 2
} csq_breach_compare;
typedef enum csq_at_target {
    CSQ_AT_TARGET_DEFAULT = 0,
    CSQ_AT_TARGET_IN_TIME = 1,
    CSQ_AT_TARGET_LATE = 2
} csq_at_target;
typedef enum csq_empty_calendar {
    CSQ_EMPTY_CALENDAR_DEFAULT = 0,
    CSQ_EMPTY_CALENDAR_NEVER = 1,
    CSQ_EMPTY_CALENDAR_WALL = 2,
    CSQ_EMPTY_CALENDAR_ERROR = 3
} csq_empty_calendar;
typedef enum csq_on_no_match {
    CSQ_ON_NO_MATCH_DEFAULT = 0,
    CSQ_ON_NO_MATCH_KEEP = 1,
    CSQ_ON_NO_MATCH_DETACH = 2
} csq_on_no_match;
typedef enum csq_visits {
    CSQ_VISITS_DEFAULT = 0,
    CSQ_VISITS_EACH = 1,
    CSQ_VISITS_SUM = 2
} csq_visits;
typedef enum csq_inherit {
    CSQ_INHERIT_DEFAULT = 0,
    CSQ_INHERIT_IGNORE = 1,
    CSQ_INHERIT_START = 2
} csq_inherit;
typedef enum csq_on_merge {
    CSQ_ON_MERGE_DEFAULT = 0,
    CSQ_ON_MERGE_CANCEL = 1,
    CSQ_ON_MERGE_KEEP = 2,
    CSQ_ON_MERGE_COMPLETE = 3
} csq_on_merge;
enum {
    CSQ_METRIC_LIMIT = 32,
    CSQ_CLOCK_LIMIT = 60,
    CSQ_POLICY_LIMIT = 4096,
    CSQ_CALENDAR_LIMIT = 4096,
    CSQ_STEP_LIMIT = 64,
    CSQ_BESIDE_LIMIT = 1024
};
typedef struct csq_metric {
    uint32_t size;
    uint32_t kind;
    csq_str name;
    const uint32_t *stop_statuses;
    const uint32_t *pause_statuses;
    const uint32_t *cancel_statuses;
    const uint32_t *run_statuses;
    uint32_t n_stop_statuses;
    uint32_t n_pause_statuses;
    uint32_t n_cancel_statuses;
    uint32_t n_run_statuses;
    uint32_t group;
    uint32_t visits;
    const csq_condition *start;
    const csq_condition *pause;
    const csq_condition *resume;
    const csq_condition *stop;
    const csq_condition *reset;
    const csq_condition *cancel;
    const csq_condition *reopen;
    uint32_t wall_time;
    uint32_t repeat;
    uint32_t reopen_mode;
    uint32_t on_change;
    uint32_t retroactive_pause;
    uint32_t calendar_switch;
    uint32_t edit_scope;
    uint32_t on_solved;
    uint32_t start_mode;
    uint32_t include_first;
    uint32_t attach;
    uint32_t due_edge;
    uint32_t breach_compare;
    uint32_t empty_calendar;
    uint32_t at_target;
    uint32_t on_no_match;
    uint32_t on_merge;
    uint32_t count_notes;
    uint32_t count_bots;
    uint32_t message_base;
    uint32_t inherit;
    uint32_t version_at;
    uint32_t late_steps;
    uint32_t passed_steps;
    uint32_t reserved;
} csq_metric;
typedef enum csq_step_kind {
    CSQ_STEP_OFFSET = 1,
    CSQ_STEP_PERCENT = 2,
    CSQ_STEP_WORKDAYS = 3
} csq_step_kind;
typedef struct csq_step {
    uint32_t size;
    uint32_t kind;
    csq_str name;
    int64_t value;
    const csq_str *recipients;
    uint32_t n_recipients;
    uint32_t reserved;
} csq_step;
enum {
    CSQ_RECIPIENT_LIMIT = 64
};
typedef struct csq_policy {
    uint32_t size;
    uint32_t reserved;
    csq_str name;
    csq_str track;
    const csq_condition *match;
    uint64_t has;
    csq_ms from;
    csq_ms until;
} csq_policy;
enum {
    CSQ_POLICY_HAS_FROM = 1,
    CSQ_POLICY_HAS_UNTIL = 2
};
typedef enum csq_select {
    CSQ_SELECT_DEFAULT = 0,
    CSQ_SELECT_FIRST = 1,
    CSQ_SELECT_ALL = 2
} csq_select;
typedef struct csq_target {
    uint32_t size;
    uint32_t metric;
    uint32_t attribute;
    uint32_t code;
    csq_ms within_ms;
    uint32_t workdays;
    uint32_t end_of_day;
    uint32_t calendar;
    uint32_t due_attribute;
} csq_target;
enum {
    CSQ_NO_CALENDAR = 0x7FFFFFFF
};
typedef struct csq_policies csq_policies;
typedef struct csq_policies_builder csq_policies_builder;
csq_status csq_policies_builder_new(csq_schema *schema, const csq_allocator *allocator,
    csq_policies_builder **out, csq_error *error);
void csq_policies_builder_free(csq_policies_builder *builder);
csq_status csq_policies_add_calendar(csq_policies_builder *builder, csq_str name,
    csq_calendar *calendar, uint32_t *index, csq_error *error);
csq_status csq_policies_add_metric(csq_policies_builder *builder, const csq_metric *metric,
    uint32_t *index, csq_error *error);
csq_status csq_policies_add_step(csq_policies_builder *builder, uint32_t metric,
    const csq_step *step, uint32_t *index, csq_error *error);
csq_status csq_policies_add_policy(csq_policies_builder *builder, const csq_policy *policy,
    uint32_t *index, csq_error *error);
csq_status csq_policies_set_select(csq_policies_builder *builder, uint32_t select,
    csq_error *error);
csq_status csq_policies_add_target(csq_policies_builder *builder, const csq_target *target,
    csq_error *error);
csq_status csq_policies_build(csq_policies_builder *builder, csq_policies **out, csq_error *error);
csq_policies *csq_policies_retain(csq_policies *policies);
void csq_policies_free(csq_policies *policies);
uint64_t csq_policies_fingerprint(const csq_policies *policies);
uint32_t csq_policies_metric_count(const csq_policies *policies);
uint32_t csq_policies_policy_count(const csq_policies *policies);
uint32_t csq_policies_step_count(const csq_policies *policies, uint32_t metric);
csq_str csq_policies_metric_name(const csq_policies *policies, uint32_t metric);
csq_str csq_policies_policy_name(const csq_policies *policies, uint32_t policy);
csq_str csq_policies_step_name(const csq_policies *policies, uint32_t metric, uint32_t step);
csq_str csq_policies_calendar_name(const csq_policies *policies, uint32_t calendar);
csq_status csq_policies_find_metric(const csq_policies *policies, csq_str name, uint32_t *index,
    csq_error *error);
csq_status csq_policies_step_at(const csq_policies *policies, uint32_t metric, uint32_t step,
    csq_step *out, csq_error *error);
csq_status csq_policies_policy_at(const csq_policies *policies, uint32_t policy, csq_policy *out,
    csq_error *error);
typedef struct csq_clock {
    uint32_t size;
    uint32_t metric;
    csq_str track;
} csq_clock;
uint32_t csq_policies_clock_count(const csq_policies *policies);
csq_status csq_policies_clock_at(const csq_policies *policies, uint32_t clock, csq_clock *out,
    csq_error *error);
csq_status csq_policies_find_clock(const csq_policies *policies, uint32_t metric, csq_str track,
    uint32_t *clock, csq_error *error);
typedef enum csq_phase {
    CSQ_PHASE_NOT_APPLICABLE = 0,
    CSQ_PHASE_NOT_STARTED = 1,
    CSQ_PHASE_ACTIVE = 2,
    CSQ_PHASE_PAUSED = 3,
    CSQ_PHASE_COMPLETED = 4,
    CSQ_PHASE_CANCELLED = 5
} csq_phase;
enum {
    CSQ_NO_INDEX = 0x7FFFFFFF
};
typedef struct csq_answer {
    uint32_t size;
    uint32_t phase;
    uint32_t breached;
    uint32_t in_hours;
    uint32_t cycle;
    uint32_t policy;
    uint32_t calendar;
    uint32_t workdays;
    csq_ms started_at;
    csq_ms stopped_at;
    csq_ms target_ms;
    csq_ms elapsed_ms;
    csq_ms remaining_ms;
    csq_ms paused_ms;
    csq_ms due_at;
    csq_ms due_if_resumed_at;
    csq_ms breached_at;
    csq_ms next_change_at;
    int64_t percent_hundredths;
} csq_answer;
csq_status csq_policies_answer(const csq_policies *policies, const csq_ticket *ticket,
    uint32_t clock, csq_ms now, csq_answer *out, csq_error *error);
csq_status csq_policies_advance(const csq_policies *policies, csq_ticket *ticket, csq_error *error);
csq_status csq_policies_inherit(const csq_policies *policies, const csq_ticket *from,
    uint32_t clock, csq_ms now, csq_ticket_event *out, csq_error *error);
typedef struct csq_attribution csq_attribution;
enum {
    CSQ_ATTRIBUTION_ATTRIBUTE_LIMIT = 8
};
typedef enum csq_attribution_scope {
    CSQ_ATTRIBUTION_SCOPE_DEFAULT = 0,
    CSQ_ATTRIBUTION_SCOPE_ALL = 1,
    CSQ_ATTRIBUTION_SCOPE_LATEST = 2
} csq_attribution_scope;
typedef struct csq_attribution_options {
    uint32_t size;
    uint32_t n_attributes;
    const uint32_t *attributes;
    uint32_t scope;
    uint32_t reserved;
} csq_attribution_options;
typedef enum csq_visit_end {
    CSQ_VISIT_OPEN = 1,
    CSQ_VISIT_STOPPED = 2,
    CSQ_VISIT_MOVED = 3,
    CSQ_VISIT_ESCALATED = 4,
    CSQ_VISIT_HANDED_BACK = 5,
    CSQ_VISIT_CANCELLED = 6
} csq_visit_end;
typedef struct csq_visit {
    uint32_t size;
    uint32_t cycle;
    uint32_t end;
    uint32_t row;
    int64_t values[8];
    csq_ms from;
    csq_ms to;
    csq_ms elapsed_ms;
    csq_ms paused_ms;
    csq_ms wall_ms;
} csq_visit;
typedef struct csq_attribution_row {
    uint32_t size;
    uint32_t reserved;
    int64_t values[8];
    csq_ms elapsed_ms;
    csq_ms paused_ms;
    csq_ms wall_ms;
    csq_ms first_from;
    csq_ms last_to;
    uint64_t visits;
    uint64_t open;
    uint64_t stopped;
    uint64_t moved;
    uint64_t escalated;
    uint64_t handed_back;
    uint64_t cancelled;
} csq_attribution_row;
csq_status csq_policies_attribute(const csq_policies *policies, const csq_ticket *ticket,
    uint32_t clock, csq_ms now, const csq_attribution_options *options,
    const csq_allocator *allocator, csq_attribution **out, csq_error *error);
void csq_attribution_free(csq_attribution *attribution);
uint64_t csq_attribution_row_count(const csq_attribution *attribution);
csq_status csq_attribution_row_at(const csq_attribution *attribution, uint64_t index,
    csq_attribution_row *out, csq_error *error);
uint64_t csq_attribution_visit_count(const csq_attribution *attribution);
csq_status csq_attribution_visit(const csq_attribution *attribution, uint64_t index, csq_visit *out,
    csq_error *error);
csq_status csq_attribution_whole(const csq_attribution *attribution, csq_attribution_row *out,
    csq_error *error);
typedef struct csq_explanation csq_explanation;
typedef enum csq_stretch_reason {
    CSQ_STRETCH_COUNTED = 1,
    CSQ_STRETCH_CLOSED = 2,
    CSQ_STRETCH_HOLIDAY = 3,
    CSQ_STRETCH_OVERRIDE = 4,
    CSQ_STRETCH_BREAK = 5,
    CSQ_STRETCH_PAUSED = 6,
    CSQ_STRETCH_FINISHED = 7
} csq_stretch_reason;
typedef struct csq_stretch {
    uint32_t size;
    uint32_t reason;
    csq_ms from;
    csq_ms to;
    csq_ms counted_ms;
    uint64_t event;
    uint32_t policy;
    uint32_t calendar;
    uint32_t version;
    uint32_t cycle;
    csq_str name;
} csq_stretch;
typedef struct csq_cycle {
    uint32_t size;
    uint32_t phase;
    uint32_t breached;
    uint32_t reserved;
    csq_ms started_at;
    csq_ms stopped_at;
    csq_ms target_ms;
    csq_ms elapsed_ms;
    csq_ms paused_ms;
} csq_cycle;
csq_status csq_policies_explain(const csq_policies *policies, const csq_ticket *ticket,
    uint32_t clock, csq_ms now, const csq_allocator *allocator, csq_explanation **out,
    csq_error *error);
void csq_explanation_free(csq_explanation *explanation);
csq_status csq_explanation_answer(const csq_explanation *explanation, csq_answer *out,
    csq_error *error);
uint64_t csq_explanation_stretch_count(const csq_explanation *explanation);
csq_status csq_explanation_stretch(const csq_explanation *explanation, uint64_t index,
    csq_stretch *out, csq_error *error);
uint64_t csq_explanation_cycle_count(const csq_explanation *explanation);
csq_status csq_explanation_cycle(const csq_explanation *explanation, uint64_t index, csq_cycle *out,
    csq_error *error);
csq_status csq_explanation_step(const csq_explanation *explanation, uint32_t step, csq_ms *at,
    csq_error *error);
typedef enum csq_firing_state {
    CSQ_FIRING_FIRED = 1,
    CSQ_FIRING_SUPPRESSED = 2,
    CSQ_FIRING_SUPERSEDED = 3,
    CSQ_FIRING_PROJECTED = 4
} csq_firing_state;
typedef struct csq_firing {
    uint32_t size;
    uint32_t state;
    uint32_t step;
    uint32_t reserved;
    csq_ms at;
    csq_ms fired_at;
} csq_firing;
uint64_t csq_explanation_firing_count(const csq_explanation *explanation);
csq_status csq_explanation_firing(const csq_explanation *explanation, uint64_t index,
    csq_firing *out, csq_error *error);
typedef enum csq_promise_outcome {
    CSQ_PROMISE_OPEN = 1,
    CSQ_PROMISE_KEPT = 2,
    CSQ_PROMISE_BROKEN = 3,
    CSQ_PROMISE_CANCELLED = 4
} csq_promise_outcome;
typedef struct csq_promise {
    uint32_t size;
    uint32_t cycle;
    uint64_t event;
    csq_ms given_at;
    csq_ms promised_at;
    uint32_t reason;
    uint32_t is_after_due;
    uint32_t outcome;
    uint32_t reserved;
    csq_ms estimated_ms;
    csq_ms actual_ms;
    csq_ms estimated_open_ms;
    csq_ms actual_open_ms;
} csq_promise;
typedef struct csq_promises {
    uint32_t size;
    uint32_t original;
    uint32_t latest;
    uint32_t reserved;
    uint64_t n;
    uint64_t re_promised;
    uint64_t after_due;
} csq_promises;
uint64_t csq_explanation_promise_count(const csq_explanation *explanation);
csq_status csq_explanation_promise(const csq_explanation *explanation, uint64_t index,
    csq_promise *out, csq_error *error);
csq_status csq_explanation_promises(const csq_explanation *explanation, uint64_t cycle,
    csq_promises *out, csq_error *error);
typedef enum csq_why_not_reason {
    CSQ_WHY_NOT_HOLDS = 0,
    CSQ_WHY_NOT_TEST = 1,
    CSQ_WHY_NOT_EARLIER = 2,
    CSQ_WHY_NOT_ATTACHED = 3,
    CSQ_WHY_NOT_NO_TARGET = 4,
    CSQ_WHY_NOT_TRACK = 5,
    CSQ_WHY_NOT_VERSION = 6
} csq_why_not_reason;
typedef struct csq_why_not {
    uint32_t size;
    uint32_t reason;
    uint32_t attribute;
    uint32_t policy;
} csq_why_not;
csq_status csq_policies_why_not(const csq_policies *policies, const csq_ticket *ticket,
    uint32_t clock, uint32_t policy, csq_ms now, csq_why_not *out, csq_error *error);
typedef struct csq_clock_set csq_clock_set;
enum {
    CSQ_CLOCK_SET_LIMIT = 1000000000
};
typedef struct csq_clock_set_options {
    uint32_t size;
    uint32_t reserved;
    uint64_t seed;
} csq_clock_set_options;
csq_status csq_clock_set_new(csq_policies *policies, const csq_clock_set_options *options,
    const csq_allocator *allocator, csq_clock_set **out, csq_error *error);
void csq_clock_set_free(csq_clock_set *set);
csq_status csq_clock_set_copy(const csq_clock_set *set, csq_clock_set **out, csq_error *error);
void csq_clock_set_reset(csq_clock_set *set);
csq_status csq_clock_set_apply(csq_clock_set *set, uint64_t ticket, const csq_ticket_event *event,
    csq_error *error);
csq_status csq_clock_set_apply_columns(csq_clock_set *set, const csq_event_columns *columns,
    csq_progress progress, void *user, csq_error *error);
csq_status csq_clock_set_remove(csq_clock_set *set, uint64_t ticket, csq_error *error);
uint64_t csq_clock_set_count(const csq_clock_set *set);
const csq_ticket *csq_clock_set_ticket(const csq_clock_set *set, uint64_t ticket);
const csq_ticket *csq_clock_set_ticket_at(const csq_clock_set *set, uint64_t index);
uint64_t csq_clock_set_memory(const csq_clock_set *set);
csq_status csq_clock_set_answer(csq_clock_set *set, uint64_t ticket, uint32_t clock, csq_ms now,
    csq_answer *out, csq_error *error);
csq_status csq_clock_set_next(const csq_clock_set *set, csq_ms *at, uint64_t *ticket,
    csq_error *error);
typedef enum csq_notice_kind {
    CSQ_NOTICE_STEP = 1,
    CSQ_NOTICE_BREACH = 2
} csq_notice_kind;
typedef enum csq_notice_change {
    CSQ_NOTICE_NEW = 1,
    CSQ_NOTICE_MOVED = 2,
    CSQ_NOTICE_WITHDRAWN = 3
} csq_notice_change;
typedef struct csq_notice {
    uint32_t size;
    uint32_t kind;
    uint32_t change;
    uint32_t clock;
    uint64_t ticket;
    uint32_t cycle;
    uint32_t step;
    csq_ms at;
    csq_ms was_at;
} csq_notice;
csq_status csq_clock_set_take(csq_clock_set *set, csq_ms now, uint64_t *count, csq_error *error);
csq_status csq_clock_set_notice(const csq_clock_set *set, uint64_t index, csq_notice *out,
    csq_error *error);
csq_ms csq_clock_set_taken(const csq_clock_set *set);
csq_status csq_clock_set_merge(csq_clock_set *set, const csq_clock_set *other, csq_error *error);
csq_status csq_clock_set_encode(const csq_clock_set *set, void *bytes, uint64_t *size,
    csq_error *error);
csq_status csq_clock_set_decode(csq_policies *policies, const csq_clock_set_options *options,
    const void *bytes, uint64_t size, const csq_allocator *allocator, csq_clock_set **out,
    csq_error *error);
typedef enum csq_preset {
    CSQ_PRESET_ZENDESK = 1,
    CSQ_PRESET_SERVICENOW = 2,
    CSQ_PRESET_JIRA = 3,
    CSQ_PRESET_ZAMMAD = 4,
    CSQ_PRESET_GLPI = 5,
    CSQ_PRESET_GLPI_OLA = 6,
    CSQ_PRESET_CHATWOOT = 7,
    CSQ_PRESET_FRAPPE = 8,
    CSQ_PRESET_FIRST_TERMS = 9,
    CSQ_PRESET_LATEST_TERMS = 10,
    CSQ_PRESET_SPLIT_TERMS = 11,
    CSQ_PRESET_NEW_CYCLES = 12,
    CSQ_PRESET_SUM_VISITS = 13,
    CSQ_PRESET_WALL_TIME = 14,
    CSQ_PRESET_REPEAT = 15,
    CSQ_PRESET_REOPEN_RESUMES = 16,
    CSQ_PRESET_REOPEN_COUNTS = 17,
    CSQ_PRESET_REOPEN_NEW_CYCLE = 18,
    CSQ_PRESET_REOPEN_NOTHING = 19,
    CSQ_PRESET_CHANGE_RETROACTIVE = 20,
    CSQ_PRESET_CHANGE_CARRIES = 21,
    CSQ_PRESET_CHANGE_RESTARTS = 22,
    CSQ_PRESET_COUNT_PAUSES = 23,
    CSQ_PRESET_LATEST_CALENDAR = 24,
    CSQ_PRESET_FIRST_CALENDAR = 25,
    CSQ_PRESET_EDIT_FINISHED = 26,
    CSQ_PRESET_SOLVE_KEEPS = 27,
    CSQ_PRESET_SOLVE_COMPLETES = 28,
    CSQ_PRESET_SOLVE_CANCELS = 29,
    CSQ_PRESET_START_AT_MESSAGE = 30,
    CSQ_PRESET_INCLUDE_FIRST = 31,
    CSQ_PRESET_ATTACH_FROM = 32,
    CSQ_PRESET_ATTACH_RETROACTIVE = 33,
    CSQ_PRESET_DUE_WHEN_OPEN = 34,
    CSQ_PRESET_LATE_BY_INSTANT = 35,
    CSQ_PRESET_EMPTY_IS_WALL = 36,
    CSQ_PRESET_EMPTY_IS_ERROR = 37,
    CSQ_PRESET_LATE_ON_TARGET = 38,
    CSQ_PRESET_NO_MATCH_DETACHES = 39,
    CSQ_PRESET_MERGE_KEEPS = 40,
    CSQ_PRESET_MERGE_COMPLETES = 41,
    CSQ_PRESET_VERSION_OF_CYCLE = 42,
    CSQ_PRESET_VERSION_OF_CREATION = 43,
    CSQ_PRESET_LAST_LATE_STEP = 44,
    CSQ_PRESET_NO_LATE_STEPS = 45,
    CSQ_PRESET_PASSED_STEPS_STAY = 46,
    CSQ_PRESET_PASSED_STEPS_SUPERSEDED = 47,
    CSQ_PRESET_COUNT_NOTES = 48,
    CSQ_PRESET_COUNT_BOTS = 49,
    CSQ_PRESET_LAST_MESSAGE = 50,
    CSQ_PRESET_EACH_MESSAGE = 51,
    CSQ_PRESET_INHERIT_START = 52
} csq_preset;
csq_status csq_metric_preset(uint32_t kind, uint32_t preset, csq_metric *out, csq_error *error);
csq_status csq_metric_add_preset(csq_metric *metric, uint32_t preset, csq_error *error);
typedef struct csq_ranking csq_ranking;
typedef struct csq_ranking_builder csq_ranking_builder;
enum {
    CSQ_RANKING_LANE_LIMIT = 64,
    CSQ_RANKING_PART_LIMIT = 64,
    CSQ_RANKING_BAND_LIMIT = 4096
};
typedef enum csq_ranking_kind {
    CSQ_RANKING_USED = 1,
    CSQ_RANKING_LEFT = 2,
    CSQ_RANKING_VALUE = 3,
    CSQ_RANKING_MATCH = 4
} csq_ranking_kind;
typedef struct csq_ranking_band {
    int64_t at;
    int64_t points;
} csq_ranking_band;
typedef struct csq_ranking_part {
    uint32_t size;
    uint32_t kind;
    csq_str name;
    uint32_t attribute;
    uint32_t n_bands;
    const csq_ranking_band *bands;
    const csq_condition *match;
    int64_t points;
} csq_ranking_part;
csq_status csq_ranking_builder_new(csq_schema *schema, const csq_allocator *allocator,
    csq_ranking_builder **out, csq_error *error);
void csq_ranking_builder_free(csq_ranking_builder *builder);
csq_status csq_ranking_add_lane(csq_ranking_builder *builder, csq_str name,
    const csq_condition *match, uint32_t *index, csq_error *error);
csq_status csq_ranking_add_part(csq_ranking_builder *builder, const csq_ranking_part *part,
    uint32_t *index, csq_error *error);
csq_status csq_ranking_build(csq_ranking_builder *builder, csq_ranking **out, csq_error *error);
csq_ranking *csq_ranking_retain(csq_ranking *ranking);
void csq_ranking_free(csq_ranking *ranking);
uint64_t csq_ranking_fingerprint(const csq_ranking *ranking);
uint32_t csq_ranking_lane_count(const csq_ranking *ranking);
uint32_t csq_ranking_part_count(const csq_ranking *ranking);
csq_str csq_ranking_lane_name(const csq_ranking *ranking, uint32_t lane);
csq_str csq_ranking_part_name(const csq_ranking *ranking, uint32_t part);
typedef struct csq_ranking_item {
    uint32_t size;
    uint32_t n_answers;
    const csq_ticket *ticket;
    const csq_answer *answers;
    uint64_t answer_stride;
} csq_ranking_item;
typedef struct csq_ranked csq_ranked;
typedef struct csq_ranked_place {
    uint32_t size;
    uint32_t lane;
    uint64_t item;
    uint64_t ticket;
    int64_t score;
    csq_ms due_at;
} csq_ranked_place;
typedef struct csq_ranked_reason {
    uint32_t size;
    uint32_t answer;
    int64_t points;
    int64_t found;
} csq_ranked_reason;
csq_status csq_ranking_order(const csq_ranking *ranking, const csq_ranking_item *items, uint64_t n,
    uint64_t stride, csq_ms now, const csq_allocator *allocator, csq_ranked **out,
    csq_error *error);
void csq_ranked_free(csq_ranked *ranked);
uint64_t csq_ranked_count(const csq_ranked *ranked);
csq_status csq_ranked_at(const csq_ranked *ranked, uint64_t position, csq_ranked_place *out,
    csq_error *error);
csq_status csq_ranked_reason_at(const csq_ranked *ranked, uint64_t position, uint32_t part,
    csq_ranked_reason *out, csq_error *error);
typedef struct csq_tally csq_tally;
enum {
    CSQ_TALLY_ATTRIBUTE_LIMIT = 8
};
typedef enum csq_tally_measure {
    CSQ_TALLY_ELAPSED = 1,
    CSQ_TALLY_OVERRUN = 2,
    CSQ_TALLY_REMAINING = 4
} csq_tally_measure;
typedef struct csq_tally_options {
    uint32_t size;
    uint32_t n_attributes;
    const uint32_t *attributes;
    uint32_t period;
    uint32_t first_weekday;
    const csq_zone *zone;
    uint32_t quantiles;
    uint32_t exact_limit;
} csq_tally_options;
csq_status csq_tally_new(const csq_policies *policies, const csq_tally_options *options,
    const csq_allocator *allocator, csq_tally **out, csq_error *error);
void csq_tally_free(csq_tally *tally);
csq_status csq_tally_copy(const csq_tally *tally, csq_tally **out, csq_error *error);
void csq_tally_reset(csq_tally *tally);
csq_status csq_tally_add(csq_tally *tally, const csq_ticket *ticket, csq_ms now, csq_error *error);
csq_status csq_tally_replay(csq_tally *tally, const csq_event_columns *columns, csq_ms now,
    csq_progress progress, void *user, csq_error *error);
csq_status csq_tally_merge(csq_tally *tally, const csq_tally *other, csq_error *error);
csq_status csq_tally_subtract(csq_tally *tally, const csq_tally *other, csq_error *error);
csq_status csq_tally_encode(const csq_tally *tally, void *bytes, uint64_t *size, csq_error *error);
csq_status csq_tally_decode(const csq_policies *policies, const csq_tally_options *options,
    const void *bytes, uint64_t size, const csq_allocator *allocator, csq_tally **out,
    csq_error *error);
typedef struct csq_tally_row {
    uint32_t size;
    uint32_t policy;
    uint32_t metric;
    uint32_t workdays;
    csq_ms target_ms;
    csq_ms period_from;
    uint32_t codes[8];
    uint64_t met;
    uint64_t missed;
    uint64_t open;
    uint64_t late_open;
    uint64_t cancelled;
    int64_t elapsed_ms;
    int64_t paused_ms;
    int64_t overrun_ms;
    int64_t overrun_max_ms;
    uint32_t due_attribute;
    uint32_t reserved;
    uint64_t promised;
    uint64_t kept_original;
    uint64_t kept_latest;
    uint64_t re_promised;
    uint64_t estimates;
    int64_t error_ms;
    int64_t error_size_ms;
} csq_tally_row;
uint64_t csq_tally_count(const csq_tally *tally);
csq_status csq_tally_row_at(const csq_tally *tally, uint64_t index, csq_tally_row *out,
    csq_error *error);
csq_status csq_tally_quantile(const csq_tally *tally, uint64_t index, uint32_t measure,
    uint32_t part, uint32_t definition, csq_quantile *out, csq_error *error);
csq_status csq_tally_add_quantiles(const csq_tally *tally, uint64_t index, uint32_t measure,
    csq_quantiles *into, csq_error *error);
typedef struct csq_what_if csq_what_if;
typedef enum csq_what_if_list {
    CSQ_WHAT_IF_LIST_DEFAULT = 0,
    CSQ_WHAT_IF_LIST_ALL = 1,
    CSQ_WHAT_IF_LIST_MISSED = 2
} csq_what_if_list;
enum {
    CSQ_WHAT_IF_CHANGES_DEFAULT = 10000,
    CSQ_WHAT_IF_CHANGES_LIMIT = 1000000
};
typedef struct csq_what_if_options {
    uint32_t size;
    uint32_t list;
    uint32_t change_limit;
    uint32_t reserved;
    const csq_tally_options *tally;
} csq_what_if_options;
csq_status csq_what_if_new(const csq_policies *before, const csq_policies *after,
    const csq_what_if_options *options, const csq_allocator *allocator, csq_what_if **out,
    csq_error *error);
void csq_what_if_free(csq_what_if *what_if);
csq_status csq_what_if_copy(const csq_what_if *what_if, csq_what_if **out, csq_error *error);
void csq_what_if_reset(csq_what_if *what_if);
csq_status csq_what_if_add(csq_what_if *what_if, const csq_ticket *ticket, csq_ms now,
    csq_error *error);
csq_status csq_what_if_replay(csq_what_if *what_if, const csq_event_columns *columns, csq_ms now,
    csq_progress progress, void *user, csq_error *error);
csq_status csq_what_if_merge(csq_what_if *what_if, const csq_what_if *other, csq_error *error);
typedef struct csq_what_if_summary {
    uint32_t size;
    uint32_t reserved;
    uint64_t tickets;
    uint64_t changed_tickets;
    uint64_t changed_clocks;
    uint64_t worse;
    uint64_t better;
    uint64_t unlisted;
} csq_what_if_summary;
csq_status csq_what_if_summary_of(const csq_what_if *what_if, csq_what_if_summary *out,
    csq_error *error);
typedef enum csq_what_if_reason {
    CSQ_WHAT_IF_APPEARS = 1,
    CSQ_WHAT_IF_DISAPPEARS = 2,
    CSQ_WHAT_IF_POLICY = 4,
    CSQ_WHAT_IF_TARGET = 8,
    CSQ_WHAT_IF_CALENDAR = 16,
    CSQ_WHAT_IF_METRIC = 32,
    CSQ_WHAT_IF_CYCLES = 64,
    CSQ_WHAT_IF_MEASURE = 128
} csq_what_if_reason;
typedef enum csq_what_if_side {
    CSQ_WHAT_IF_BEFORE = 0,
    CSQ_WHAT_IF_AFTER = 1
} csq_what_if_side;
typedef struct csq_what_if_change {
    uint32_t size;
    uint32_t reasons;
    uint64_t ticket;
    uint32_t clock_before;
    uint32_t clock_after;
    uint64_t missed_before;
    uint64_t missed_after;
} csq_what_if_change;
uint64_t csq_what_if_count(const csq_what_if *what_if);
csq_status csq_what_if_change_at(const csq_what_if *what_if, uint64_t index,
    csq_what_if_change *out, csq_error *error);
csq_status csq_what_if_answer(const csq_what_if *what_if, uint64_t index, uint32_t side,
    csq_answer *out, csq_error *error);
const csq_tally *csq_what_if_tally(const csq_what_if *what_if, uint32_t side);
typedef csq_status (*csq_zone_source)(void *user, csq_str name, csq_zone **out);
typedef struct csq_rules_options {
    uint32_t size;
    uint32_t reserved;
    csq_zone_source zone;
    void *zone_user;
    uint64_t text_limit;
} csq_rules_options;
typedef struct csq_rules csq_rules;
csq_status csq_rules_read(csq_schema *schema, csq_str text, const csq_rules_options *options,
    const csq_allocator *allocator, csq_rules **out, csq_error *error);
csq_rules *csq_rules_retain(csq_rules *rules);
void csq_rules_free(csq_rules *rules);
csq_status csq_rules_write(const csq_rules *rules, char *text, uint64_t *size, csq_error *error);
csq_policies *csq_rules_policies(const csq_rules *rules);
csq_ranking *csq_rules_ranking(const csq_rules *rules);
uint32_t csq_rules_calendar_count(const csq_rules *rules);
csq_str csq_rules_calendar_name(const csq_rules *rules, uint32_t index);
csq_calendar *csq_rules_calendar(const csq_rules *rules, uint32_t index);
csq_str csq_rules_about(const csq_rules *rules, csq_str member);
typedef enum csq_advice_code {
    CSQ_ADVICE_NO_THRESHOLD = 1,
    CSQ_ADVICE_NEVER_MATCHES = 2,
    CSQ_ADVICE_OVERLAP = 3,
    CSQ_ADVICE_UNCOVERED_VALUE = 4,
    CSQ_ADVICE_NEVER_OPENS = 5,
    CSQ_ADVICE_STEP_NEVER = 6,
    CSQ_ADVICE_CONDITION_NEVER = 7
} csq_advice_code;
typedef enum csq_advice_weight {
    CSQ_ADVICE_HINT = 1,
    CSQ_ADVICE_WARNING = 2
} csq_advice_weight;
typedef struct csq_advice {
    uint32_t size;
    uint32_t code;
    uint32_t weight;
    uint32_t reserved;
    csq_str path;
    csq_str message;
} csq_advice;
typedef struct csq_lint csq_lint;
const char *csq_advice_name(uint32_t code);
csq_status csq_rules_lint(const csq_rules *rules, const csq_allocator *allocator, csq_lint **out,
    csq_error *error);
void csq_lint_free(csq_lint *lint);
uint64_t csq_lint_count(const csq_lint *lint);
csq_status csq_lint_at(const csq_lint *lint, uint64_t index, csq_advice *out, csq_error *error);
