using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Strake.Kubernetes.Objects;

/// <summary>
/// An amount of a resource as Kubernetes writes it: <c>500Mi</c>, <c>1.5</c>, <c>100m</c>, <c>1e3</c>. It is exact down to 10^-9; what is smaller
/// is rounded away from zero, for who wants a little shall get something. Two quantities are equal when their values are, however written.
/// </summary>
/// <remarks>The grammar and the canonical form are those of <c>k8s.io/apimachinery/pkg/api/resource</c>.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly struct Quantity : IEquatable<Quantity>, IComparable<Quantity>
{
    const int NanoDigits = 9;
    const int MaxLength = 64;
    const int MaxExponent = 64;

    static readonly Int128 s_one = 1_000_000_000;
    static readonly Int128 s_max = s_one * s_one * s_one * s_one * 10;
    static readonly Int128 s_maxBinary = s_one * long.MaxValue;

    // Suffix, power of ten, power of two. "" stands first: most numbers of a pod have none.
    static readonly (string Suffix, int Ten, int Two)[] s_suffixes =
    [
        ("", 0, 0),
        ("n", -9, 0), ("u", -6, 0), ("m", -3, 0),
        ("k", 3, 0), ("M", 6, 0), ("G", 9, 0), ("T", 12, 0), ("P", 15, 0), ("E", 18, 0),
        ("Ki", 0, 10), ("Mi", 0, 20), ("Gi", 0, 30), ("Ti", 0, 40), ("Pi", 0, 50), ("Ei", 0, 60),
    ];

    readonly Int128 nano;

    Quantity(Int128 nano, QuantityFormat format)
    {
        this.nano = nano;
        Format = format;
    }

    /// <summary>Nothing.</summary>
    public static Quantity Zero => default;

    /// <summary>How it was written.</summary>
    public QuantityFormat Format { get; }

    /// <summary>Whether it is nothing.</summary>
    public bool IsZero => nano == 0;

    /// <summary>Whether it is less than nothing.</summary>
    public bool IsNegative => nano < 0;

    /// <summary>A whole number of units, bytes for storage.</summary>
    /// <param name="units">The number.</param>
    /// <param name="format">How it shall be printed.</param>
    public static Quantity Of(long units, QuantityFormat format = QuantityFormat.BinarySI) => new(s_one * units, format);

    /// <summary>Reads a quantity.</summary>
    /// <param name="text">Its text, without white space around it.</param>
    /// <exception cref="StrakeException">Invalid: the text is none.</exception>
    public static Quantity Parse(ReadOnlySpan<char> text) => TryParse(text, out Quantity value) ? value : throw StrakeException.Invalid(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");

    /// <summary>Reads a quantity.</summary>
    /// <param name="text">Its text, without white space around it; at most 64 characters.</param>
    /// <param name="value">The quantity, nothing when the text is none.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out Quantity value)
    {
        value = default;
        if (text.Length is 0 or > MaxLength) return false;
        bool negative = text[0] is '-';
        ReadOnlySpan<char> rest = text[0] is '-' or '+' ? text[1..] : text;

        // Whole part, fraction, suffix: the three of the grammar.
        ReadOnlySpan<char> whole = rest[..Digits(rest)];
        rest = rest[whole.Length..];
        ReadOnlySpan<char> fraction = rest is ['.', ..] ? rest.Slice(1, Digits(rest[1..])) : [];
        rest = rest is ['.', ..] ? rest[(1 + fraction.Length)..] : rest;
        if (whole.Length + fraction.Length == 0 || !TryReadSuffix(rest, out int ten, out int two, out QuantityFormat format)) return false;

        BigInteger digits = BigInteger.Parse($"0{whole}{fraction}", CultureInfo.InvariantCulture) << two;
        Int128 amount = Scale(digits, ten - fraction.Length + NanoDigits, format is QuantityFormat.BinarySI ? s_maxBinary : s_max);
        value = new Quantity(negative ? -amount : amount, format is QuantityFormat.BinarySI && amount < s_one ? QuantityFormat.DecimalSI : format);
        return true;
    }

    /// <summary>Reads a quantity; null when the text is none.</summary>
    /// <param name="text">Its text, without white space around it; at most 64 characters.</param>
    public static Quantity? TryParse(ReadOnlySpan<char> text) => TryParse(text, out Quantity value) ? value : null;

    /// <summary>The whole units, rounded up, within the range of a long.</summary>
    public long ToInt64()
    {
        Int128 units = nano / s_one;
        if (units * s_one < nano) units++;
        return (long)Int128.Clamp(units, long.MinValue, long.MaxValue);
    }

    /// <summary>The sum, in this one's format, or in the other's when this one is nothing.</summary>
    /// <param name="other">What is added.</param>
    public Quantity Plus(Quantity other) => new(Int128.Clamp(nano + other.nano, -s_max, s_max), IsZero ? other.Format : Format);

    /// <summary>The difference, in this one's format, or in the other's when this one is nothing.</summary>
    /// <param name="other">What is taken away.</param>
    public Quantity Minus(Quantity other) => Plus(new Quantity(-other.nano, other.Format));

    /// <summary>How often another goes into it, rounded up: of 1500m and 1m, 1500.</summary>
    /// <param name="unit">More than zero.</param>
    public long In(Quantity unit) => (long)Int128.Clamp((nano + unit.nano - 1) / unit.nano, long.MinValue, long.MaxValue);

    /// <summary>The canonical text: no fraction, no precision lost, the largest suffix that allows both.</summary>
    public override string ToString()
    {
        if (IsZero) return "0";
        Int128 units = nano / s_one;
        bool binary = Format is QuantityFormat.BinarySI && units * s_one == nano && Int128.Abs(units) >= 1024;
        return binary ? Print(units, 1024, 10, 0, 60) : Print(nano, 1000, 3, -NanoDigits, Format is QuantityFormat.DecimalSI ? 18 : MaxExponent);
    }

    /// <inheritdoc/>
    public int CompareTo(Quantity other) => nano.CompareTo(other.nano);

    /// <inheritdoc/>
    public bool Equals(Quantity other) => nano == other.nano;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Quantity other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => nano.GetHashCode();

    /// <summary>Whether two are of one value.</summary>
    public static bool operator ==(Quantity left, Quantity right) => left.Equals(right);

    /// <summary>Whether two differ in value.</summary>
    public static bool operator !=(Quantity left, Quantity right) => !left.Equals(right);

    /// <summary>Whether the first is less.</summary>
    public static bool operator <(Quantity left, Quantity right) => left.nano < right.nano;

    /// <summary>Whether the first is more.</summary>
    public static bool operator >(Quantity left, Quantity right) => left.nano > right.nano;

    /// <summary>Whether the first is not more.</summary>
    public static bool operator <=(Quantity left, Quantity right) => left.nano <= right.nano;

    /// <summary>Whether the first is not less.</summary>
    public static bool operator >=(Quantity left, Quantity right) => left.nano >= right.nano;

    static int Digits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') is int end and >= 0 ? end : text.Length;

    static bool TryReadSuffix(ReadOnlySpan<char> text, out int ten, out int two, out QuantityFormat format)
    {
        format = QuantityFormat.DecimalExponent;
        (ten, two) = (0, 0);
        if (text is ['e' or 'E', _, ..] && int.TryParse(text[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ten))
        {
            // Beyond this nothing is left of a number, or everything is the cap.
            ten = Math.Clamp(ten, -2 * MaxExponent, 2 * MaxExponent);
            return true;
        }

        foreach ((string suffix, int itsTen, int itsTwo) in s_suffixes)
            if (text.SequenceEqual(suffix))
            {
                (ten, two, format) = (itsTen, itsTwo, itsTwo > 0 ? QuantityFormat.BinarySI : QuantityFormat.DecimalSI);
                return true;
            }

        return false;
    }

    static Int128 Scale(BigInteger digits, int ten, Int128 max)
    {
        BigInteger scaled = ten >= 0 ? digits * BigInteger.Pow(10, ten) : RoundUp(digits, BigInteger.Pow(10, -ten));
        return scaled > (BigInteger)max ? max : (Int128)scaled;
    }

    static BigInteger RoundUp(BigInteger value, BigInteger divisor) => (value + divisor - 1) / divisor;

    string Print(Int128 value, int factor, int step, int exponent, int maxExponent)
    {
        while (exponent < maxExponent && value % factor == 0)
        {
            value /= factor;
            exponent += step;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value}{Suffix(exponent, factor is 1024)}");
    }

    string Suffix(int exponent, bool binary)
    {
        if (exponent is 0) return "";
        if (!binary && Format is QuantityFormat.DecimalExponent) return string.Create(CultureInfo.InvariantCulture, $"e{exponent}");
        return Array.Find(s_suffixes, suffix => suffix.Two == (binary ? exponent : 0) && suffix.Ten == (binary ? 0 : exponent)).Suffix;
    }
}
