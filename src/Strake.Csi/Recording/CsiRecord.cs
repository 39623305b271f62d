namespace Strake.Csi;

/// <summary>A call as a recording has it: a line of JSON.</summary>
/// <param name="Service">The service.</param>
/// <param name="Name">The call.</param>
/// <param name="Request">The request's bytes, without secrets.</param>
/// <param name="Response">The response's bytes; null: a refusal.</param>
/// <param name="Code">The status's code.</param>
/// <param name="Message">The status's message.</param>
/// <param name="Milliseconds">How long it took.</param>
sealed record CsiRecord(string Service, string Name, byte[] Request, byte[]? Response, int Code, string Message, double Milliseconds);
