using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Strake.Layers;

/// <summary>
/// Names a layer's place on disk. Random, so that a layer can be written before its content, and so its
/// <see cref="Images.ChainId"/>, is known, and short, so that a hundred of them fit into one mount call.
/// </summary>
/// <remarks>26 characters of RFC 4648 base 32 in lower case: 130 random bits, as in overlay2's short links.</remarks>
public readonly record struct LayerId
{
    const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    const int Length = 26;

    readonly string? text;

    LayerId(string text) => this.text = text;

    /// <summary>A new, unused name.</summary>
    public static LayerId New() => new(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>Parses a directory's or a record's name.</summary>
    /// <param name="name">The candidate.</param>
    /// <param name="id">The id; unusable when the name is none.</param>
    /// <returns>Whether <paramref name="name"/> is a layer's id; never true for a path.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out LayerId id)
    {
        bool valid = name is { Length: Length } && !name.AsSpan().ContainsAnyExcept(Alphabet);
        id = valid ? new LayerId(name!) : default;
        return valid;
    }

    /// <summary>The 26 characters.</summary>
    public override string ToString() => text ?? throw new InvalidOperationException("An uninitialised layer id was used.");
}
