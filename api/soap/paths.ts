/** The path of the web service for the software of enti. It is the one of the old platform, because that software has it configured. */
export const SOFTWARE_PATH = '/ws/pa/PagamentiTelematiciDovutiPagati'
