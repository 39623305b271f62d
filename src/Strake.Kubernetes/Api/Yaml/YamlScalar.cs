using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Strake.Kubernetes.Objects;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Strake.Kubernetes.Api;

/// <summary>What a scalar of YAML means in JSON.</summary>
/// <remarks>
/// The rules of gopkg.in/yaml.v2, which Kubernetes reads with: YAML 1.1's words for yes and no, numbers with their bases and underscores; what looks like a time is a
/// text. Quoted scalars are texts.
/// </remarks>
static class YamlScalar
{
    static readonly string[] s_true = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
    static readonly string[] s_false = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];
    static readonly string[] s_null = ["", "~", "null", "Null", "NULL"];
    static readonly string[] s_noNumber = [".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN"];

    /// <summary>Writes one as the JSON that it means.</summary>
    /// <exception cref="StatusException">BadRequest: JSON has no such value, or its tag says what it is not.</exception>
    public static void Write(Utf8JsonWriter writer, Scalar scalar)
    {
        string text = scalar.Value;
        if (IsText(scalar)) writer.WriteStringValue(text);
        else if (s_null.Contains(text)) writer.WriteNullValue();
        else if (BoolOf(text) is { } flag) writer.WriteBooleanValue(flag);
        else if (s_noNumber.Contains(text)) throw StatusException.BadRequest($"the body is no YAML that is read here: line {scalar.Start.Line}: JSON has no {text}");
        else if (NumberOf(text) is { } number) writer.WriteRawValue(number, skipInputValidation: true);
        else writer.WriteStringValue(text);
    }

    /// <summary>What it is as a key: keys are texts in JSON, and numbers and flags become those that they are written as.</summary>
    public static string KeyOf(Scalar scalar)
    {
        if (IsText(scalar)) return scalar.Value;
        if (BoolOf(scalar.Value) is { } flag) return flag ? "true" : "false";
        return NumberOf(scalar.Value) ?? scalar.Value;
    }

    /// <summary>Whether a text, written without quotes, would be read as it is.</summary>
    public static bool IsPlain(string text) =>
        !s_null.Contains(text) && BoolOf(text) is null && NumberOf(text) is null && !s_noNumber.Contains(text) && text is not ("<<" or "=");

    static bool IsText(Scalar scalar) => scalar.Style is not ScalarStyle.Plain
        ? scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific || scalar.Tag.Value is "tag:yaml.org,2002:str" or "tag:yaml.org,2002:binary"
        : !scalar.Tag.IsEmpty && scalar.Tag.Value is "!" or "tag:yaml.org,2002:str" or "tag:yaml.org,2002:binary";

    static bool? BoolOf(string text) => s_true.Contains(text) ? true : s_false.Contains(text) ? false : null;

    // The JSON of a number; null: it is none.
    static string? NumberOf(string text)
    {
        if (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.')) return null;
        string bare = text.Replace("_", "", StringComparison.Ordinal);
        ReadOnlySpan<char> digits = bare.AsSpan().TrimStart("+-");
        if (bare.Length - digits.Length > 1) return null;
        bool isNegative = bare[0] == '-';
        if (WholeOf(digits) is { } whole) return (isNegative ? -whole : whole).ToString(CultureInfo.InvariantCulture);
        return IsFraction(digits) && double.TryParse(bare, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : null;
    }

    static BigInteger? WholeOf(ReadOnlySpan<char> digits)
    {
        const int MostDigits = 20;
        int radix = digits switch
        {
            ['0', 'x' or 'X', ..] => 16,
            ['0', 'b' or 'B', ..] => 2,
            ['0', _, ..] => 8,
            _ => 10,
        };
        ReadOnlySpan<char> rest = radix is 10 ? digits : digits[1] is 'x' or 'X' or 'b' or 'B' or 'o' or 'O' ? digits[2..] : digits[1..];
        if (rest.Length == 0 || (radix != 2 && rest.Length > MostDigits) || rest.Length > 64) return null;
        BigInteger value = BigInteger.Zero;
        foreach (char digit in rest)
        {
            int worth = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (worth >= radix) return null;
            value = (value * radix) + worth;
        }

        return value <= ulong.MaxValue ? value : null;
    }

    // [0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)? or \.[0-9]+…
    static bool IsFraction(ReadOnlySpan<char> text)
    {
        int whole = text.Length - text.TrimStart("0123456789").Length;
        ReadOnlySpan<char> rest = text[whole..];
        if (rest is ['.', ..])
        {
            rest = rest[1..];
            int part = rest.Length - rest.TrimStart("0123456789").Length;
            if (whole == 0 && part == 0) return false;
            rest = rest[part..];
        }
        else if (whole == 0)
        {
            return false;
        }

        if (rest.Length == 0) return true;
        if (rest[0] is not ('e' or 'E')) return false;
        rest = rest[1..];
        if (rest is ['+' or '-', ..]) rest = rest[1..];
        return rest.Length > 0 && !rest.ContainsAnyExceptInRange('0', '9');
    }
}
