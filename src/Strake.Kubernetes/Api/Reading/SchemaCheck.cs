using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>Says what a schema finds wrong with a document: what is missing, what is none of the values, what is twice, what is out of bounds.</summary>
/// <param name="faults">Where it is said.</param>
/// <param name="isEmptyMissing">Whether what is empty counts as missing: so it is in built-in kinds, and not in those that definitions define.</param>
sealed class SchemaCheck(FaultList faults, bool isEmptyMissing = true)
{
    // A user's expression must not hold a request up.
    static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Checks a document but for its metadata and status, which are the server's.</summary>
    public void Check(JsonObject document, Schema schema)
    {
        foreach (SchemaField field in schema.Fields)
            if (field.Name is not ("metadata" or "status")) CheckField(document, field, "");
    }

    void CheckField(JsonObject record, SchemaField field, string path)
    {
        string at = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
        if (record[field.Name] is { } value) CheckValue(value, field.Schema, at);
        if (field.IsRequired && IsMissing(record[field.Name], field.Schema)) faults.Add(Fault.Required(at));
    }

    // As Go has it, where the empty text and the missing one are the same.
    bool IsMissing(JsonNode? value, Schema schema) => value is null
        || (isEmptyMissing && ((schema.Type is SchemaType.Text && value.GetValue<string>().Length == 0) || value is JsonArray { Count: 0 }));

    void CheckValue(JsonNode value, Schema schema, string at)
    {
        switch (schema.Type)
        {
            case SchemaType.Record:
                foreach (SchemaField field in schema.Fields) CheckField((JsonObject)value, field, at);
                break;
            case SchemaType.Map:
                foreach ((string key, JsonNode? member) in (JsonObject)value)
                    if (member is not null) CheckValue(member, schema.Items!, $"{at}[{key}]");
                break;
            case SchemaType.List:
                CheckList((JsonArray)value, schema, at);
                break;
            default:
                CheckScalar(value, schema, at);
                break;
        }
    }

    void CheckList(JsonArray list, Schema schema, string at)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < list.Count; i++)
        {
            string itemAt = string.Create(CultureInfo.InvariantCulture, $"{at}[{i}]");
            if (list[i] is not { } item) continue;
            CheckValue(item, schema.Items!, itemAt);
            if (schema.Form is ListForm.Keyed && !seen.Add(PathElement.OfItem(item, schema))) faults.Add(DuplicateOf(item, schema, itemAt));
        }

        if (schema.Bounds is { MinItems: { } least } && list.Count < least) faults.Add(Fault.Invalid(at, list.Count.ToString(CultureInfo.InvariantCulture), $"{at} in body should have at least {least} items"));
        if (schema.Bounds is { MaxItems: { } most } && list.Count > most) faults.Add(Fault.Invalid(at, list.Count.ToString(CultureInfo.InvariantCulture), $"{at} in body should have at most {most} items"));
    }

    static Fault DuplicateOf(JsonNode item, Schema schema, string at) => schema.Keys.Count == 1
        ? Fault.Duplicate($"{at}.{schema.Keys[0]}", item[schema.Keys[0]]?.ToJsonString() ?? "\"\"")
        : Fault.Duplicate(at, PathElement.OfItem(item, schema)[2..]);

    void CheckScalar(JsonNode value, Schema schema, string at)
    {
        if (schema.Values.Count > 0 && value.GetValue<string>() is { Length: > 0 } text && !schema.Values.Contains(text))
            faults.Add(Fault.Unsupported(at, text, schema.Values));
        if (schema.Bounds is not { } bounds) return;
        string json = value.ToJsonString();
        if (schema.Type is SchemaType.Text) CheckText(value.GetValue<string>(), bounds, at);
        else if (double.TryParse(json, CultureInfo.InvariantCulture, out double number))
        {
            if (number < bounds.Minimum) faults.Add(Fault.Invalid(at, json, $"{at} in body should be greater than or equal to {bounds.Minimum}"));
            if (number > bounds.Maximum) faults.Add(Fault.Invalid(at, json, $"{at} in body should be less than or equal to {bounds.Maximum}"));
        }
    }

    void CheckText(string text, SchemaBounds bounds, string at)
    {
        if (text.Length < bounds.MinLength) faults.Add(Fault.InvalidText(at, text, $"{at} in body should be at least {bounds.MinLength} chars long"));
        if (text.Length > bounds.MaxLength) faults.Add(Fault.InvalidText(at, text, $"{at} in body should be at most {bounds.MaxLength} chars long"));
        if (bounds.Pattern is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, s_patience))
            faults.Add(Fault.InvalidText(at, text, $"{at} in body should match '{pattern}'"));
    }
}
