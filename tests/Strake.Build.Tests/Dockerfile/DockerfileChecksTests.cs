namespace Strake.Build.Tests;

public class DockerfileChecksTests
{
    [Theory]
    [InlineData("FROM x\nRUN a \\\n\n b", "NoEmptyContinuation: Empty continuation line (line 4)")]
    [InlineData("FROM x AS A", "StageNameCasing: Stage name 'A' should be lowercase (line 1)")]
    [InlineData("FROM x as a", "FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 1)")]
    [InlineData("FROM x AS a\nFROM y AS a", "DuplicateStageName: Duplicate stage name \"a\", stage names should be unique (line 2)")]
    [InlineData("FROM x AS context", "ReservedStageName: Stage name should not use the same name as reserved stage \"context\" (line 1)")]
    [InlineData("FROM x\nMAINTAINER y", "MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (line 2)")]
    [InlineData("FROM x\nENV a b", "LegacyKeyValueFormat: \"ENV key=value\" should be used instead of legacy \"ENV key value\" format (line 2)")]
    [InlineData("FROM x\nCMD a", "JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals (line 2)")]
    [InlineData("FROM x\nSHELL [\"s\"]\nCMD a", "")]
    [InlineData("FROM x AS a\nSHELL [\"s\"]\nFROM a\nENTRYPOINT b", "")]
    [InlineData("FROM x\nCMD [\"a\"]\nCMD [\"b\"]", "MultipleInstructionsDisallowed: Multiple CMD instructions should not be used in the same stage because only the last one will be used (line 2)")]
    [InlineData("FROM x\nRun a\nRUN b", "ConsistentInstructionCasing: Command 'Run' should match the case of the command majority (uppercase) (line 2)")]
    [InlineData("from x\nrun a\nRUN b", "ConsistentInstructionCasing: Command 'RUN' should match the case of the command majority (lowercase) (line 3)")]
    [InlineData("FROM x\nWORKDIR a\nWORKDIR b", "WorkdirRelativePath: Relative workdir \"a\" can have unexpected results if the base image changes (line 2)")]
    [InlineData("FROM x\nWORKDIR /a\nWORKDIR b", "")]
    [InlineData("FROM x\nARG API_KEY", "SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ARG \"API_KEY\") (line 2)")]
    [InlineData("FROM x\nENV PUBLIC_KEY=a MONKEY=b TOKEN_FILE=c", "")]
    [InlineData("FROM x\nEXPOSE 80/TCP", "ExposeProtoCasing: Defined protocol '80/TCP' in EXPOSE instruction should be lowercase (line 2)")]
    [InlineData("FROM x\nEXPOSE 80:81", "ExposeInvalidFormat: EXPOSE instruction should not define an IP address or host-port mapping, found '80:81' (line 2)")]
    [InlineData("FROM --platform=linux/amd64 x", "FromPlatformFlagConstDisallowed: FROM --platform flag should not use constant value \"linux/amd64\" (line 1)")]
    [InlineData("FROM --platform=linux/amd64 x AS build-amd64", "")]
    [InlineData("FROM --platform=$BUILDPLATFORM x", "")]
    [InlineData("# check=skip=JSONArgsRecommended\nFROM x\nCMD a", "")]
    [InlineData("# check=skip=all\nFROM x AS A\nCMD a", "")]
    public void What_should_not_be_so_is_told_in_the_words_of_Docker(string text, string expected)
    {
        List<DockerfileWarning> warnings = [];
        DockerfileParser.Parse(text, warnings);
        Assert.Equal(expected, string.Join('|', warnings.Select(warning => $"{warning.Rule}: {warning.Message} (line {warning.Lines.Start})")));
    }

    [Theory]
    [InlineData("# check=error=true\nFROM x AS A\nCMD a", "lint violation found for rules: StageNameCasing, JSONArgsRecommended")]
    [InlineData("# check=foo=1\nFROM x", "invalid check option \"foo\"")]
    [InlineData("# check=error=maybe\nFROM x", "failed to parse check option \"error=maybe\": strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    public void A_directive_makes_them_errors(string text, string message)
    {
        var refused = Assert.Throws<StrakeException>(() => DockerfileParser.Parse(text, new List<DockerfileWarning>()));
        Assert.Equal((ErrorKind.Invalid, message), (refused.Kind, refused.Message));
        Assert.NotNull(DockerfileFault.Of(refused));
        Assert.NotNull(DockerfileParser.Parse(text));
    }
}
