namespace Strake.Build;

/// <summary>What an expansion leaves as it is.</summary>
[Flags]
public enum ExpansionOptions
{
    /// <summary>Nothing: quotes and escapes are taken off, variables that are not set are empty.</summary>
    None = 0,

    /// <summary>Quotes work, and stay. With <see cref="KeepUnset"/> how RUN is shown to users.</summary>
    KeepQuotes = 1,

    /// <summary>Escapes work, and stay.</summary>
    KeepEscapes = 2,

    /// <summary>Expressions with a variable that is not set stay.</summary>
    KeepUnset = 4,

    /// <summary>Quotes are characters like others, as in here-documents.</summary>
    PlainQuotes = 8,
}
