using System.Runtime.InteropServices;
using System.Text.Json;

namespace Strake.Kubernetes.Kinds;

/// <summary>What stands in a row under a column: a text, a number or a flag.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Cell
{
    readonly string? text;
    readonly long number;
    readonly bool? flag;

    Cell(string? text, long number, bool? flag)
    {
        this.text = text;
        this.number = number;
        this.flag = flag;
    }

    /// <summary>What a missing value is shown as.</summary>
    public static Cell None { get; } = "<none>";

    /// <summary>A text.</summary>
    public static implicit operator Cell(string text) => new(text, 0, null);

    /// <summary>A number.</summary>
    public static implicit operator Cell(long number) => new(null, number, null);

    /// <summary>A flag.</summary>
    public static implicit operator Cell(bool flag) => new(null, 0, flag);

    /// <summary>A text.</summary>
    public static Cell FromString(string text) => text;

    /// <summary>A number.</summary>
    public static Cell FromInt64(long number) => number;

    /// <summary>A flag.</summary>
    public static Cell FromBoolean(bool flag) => flag;

    /// <summary>Writes it as an item of a row.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        if (flag is { } known) writer.WriteBooleanValue(known);
        else if (text is not null) writer.WriteStringValue(text);
        else writer.WriteNumberValue(number);
    }

    /// <summary>As people see it.</summary>
    public override string ToString() => flag is { } known ? (known ? "true" : "false") : text ?? number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
