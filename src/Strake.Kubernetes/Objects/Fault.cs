namespace Strake.Kubernetes.Objects;

/// <summary>What is wrong with a field of an object, in Kubernetes' words.</summary>
/// <param name="Field">The path of the field, <c>spec.accessModes[0]</c>.</param>
/// <param name="Reason">In one word, for a status' cause.</param>
/// <param name="Text">For a person.</param>
/// <remarks>apimachinery <c>pkg/util/validation/field/errors.go</c>.</remarks>
public sealed record Fault(string Field, string Reason, string Text)
{
    /// <summary>The field must be there.</summary>
    public static Fault Required(string field, string detail = "") => new(field, "FieldValueRequired", With("Required value", detail));

    /// <summary>The field's value cannot be.</summary>
    /// <param name="field">The field.</param>
    /// <param name="value">Its value, as JSON.</param>
    /// <param name="detail">Why it cannot be.</param>
    public static Fault Invalid(string field, string value, string detail) => new(field, "FieldValueInvalid", $"Invalid value: {value}: {detail}");

    /// <summary>The field's value, a text, cannot be.</summary>
    public static Fault InvalidText(string field, string value, string detail) => Invalid(field, $"\"{value}\"", detail);

    /// <summary>The field's value is none of those that there are.</summary>
    public static Fault Unsupported(string field, string value, IEnumerable<string> supported) => new(
        field, "FieldValueNotSupported",
        $"Unsupported value: \"{value}\": supported values: {string.Join(", ", supported.Order(StringComparer.Ordinal).Select(one => $"\"{one}\""))}");

    /// <summary>The field may not be there, or may not change.</summary>
    public static Fault Forbidden(string field, string detail) => new(field, "FieldValueForbidden", With("Forbidden", detail));

    /// <summary>The value is there twice.</summary>
    public static Fault Duplicate(string field, string value) => new(field, "FieldValueDuplicate", $"Duplicate value: {value}");

    /// <summary>What the field names does not exist.</summary>
    public static Fault NotFound(string field, string value) => new(field, "FieldValueNotFound", $"Not found: \"{value}\"");

    /// <summary>The value has the wrong type.</summary>
    public static Fault WrongType(string field, string value, string detail) => new(field, "FieldValueTypeInvalid", $"Invalid value: {value}: {detail}");

    /// <summary>As it stands in a message: field and text.</summary>
    public override string ToString() => Field.Length == 0 ? Text : $"{Field}: {Text}";

    static string With(string what, string detail) => detail.Length == 0 ? what : $"{what}: {detail}";
}
